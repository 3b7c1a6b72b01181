import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { type Json, differences } from './differences.ts';
import { FolderJournal } from './folder-journal.ts';
import { lock } from './lock.ts';
import { makeFolder } from './make-folder.ts';
import { writeAtomically } from './write-atomically.ts';
import { jsonOf } from './json.ts';

export const CONFIG_FILE = 'config.json';
export const RESULT_FILE = 'result.json';
const LOCK_FILE = 'run.lock';

/** What `config.json` holds. */
export type RunConfig = { readonly [key: string]: Json };

export interface RunFolderRequest {
  readonly directory: string;
  readonly config: RunConfig;
  /** The part of a configuration on which results depend; a folder goes on only with the same. */
  readonly identity: (config: RunConfig) => Json;
}

/** The folder of one run: its configuration, what was found so far, and at the end its result and reports. */
export interface RunFolder {
  readonly directory: string;
  readonly journal: Journal;
  /** What its `config.json` says: of a run that goes on, as it was begun. */
  readonly config: RunConfig;
  /** The result, where the run had been finished. */
  readonly result: EvaluationResult | undefined;
  /** Writes `result.json`: from then on the run counts as finished. */
  finish(result: EvaluationResult): Promise<void>;
  /** Writes `config.json` anew, where what changed has no part in the results. */
  reconfigure(config: RunConfig): Promise<void>;
  has(name: string): Promise<boolean>;
  /** Gives the folder back to other processes. */
  close(): Promise<void>;
}

/**
 * Opens the folder of a run: makes it and writes its `config.json` first, or goes on with what is there. A run that
 * ended before its first image leaves nothing to go on with, so another configuration may take its place.
 *
 * @throws misuse `output-not-writable`, `other-configuration` (names the differences), `run-folder-in-use`,
 *   `not-a-run-folder`; failure `disk-full`, `run-folder-damaged`
 */
export async function openRunFolder({ directory, config, identity }: RunFolderRequest): Promise<RunFolder> {
  await makeFolder(directory);
  const earlier = await readConfig(directory);
  const unlock = await lock(join(directory, LOCK_FILE));
  try {
    const journal = await FolderJournal.open(directory);
    const others = earlier === undefined ? [] : differences(identity(earlier), identity(config));
    if (others.length > 0 && journal.completed > 0) {
      await journal.close();
      throw otherConfiguration(directory, others);
    }
    const kept = others.length > 0 ? undefined : earlier;
    if (kept === undefined) {
      await writeAtomically(join(directory, CONFIG_FILE), toText(config));
    }
    return new OpenRunFolder(directory, journal, kept ?? config, await readResult(directory), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

class OpenRunFolder implements RunFolder {
  readonly directory: string;
  readonly journal: FolderJournal;
  config: RunConfig;
  result: EvaluationResult | undefined;
  readonly #unlock: () => Promise<void>;

  constructor(
    directory: string,
    journal: FolderJournal,
    config: RunConfig,
    result: EvaluationResult | undefined,
    unlock: () => Promise<void>,
  ) {
    this.directory = directory;
    this.journal = journal;
    this.config = config;
    this.result = result;
    this.#unlock = unlock;
  }

  async finish(result: EvaluationResult): Promise<void> {
    await this.journal.finish();
    await writeAtomically(join(this.directory, RESULT_FILE), toText(result));
    this.result = result;
  }

  async reconfigure(config: RunConfig): Promise<void> {
    await writeAtomically(join(this.directory, CONFIG_FILE), toText(config));
    this.config = config;
  }

  async has(name: string): Promise<boolean> {
    return access(join(this.directory, name)).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.journal.close();
    await this.#unlock();
  }
}

/** JSON as run folders hold it and `--json` prints it. */
export function toText(value: unknown): string {
  return `${jsonOf(value, 2)}\n`;
}

async function readConfig(directory: string): Promise<RunConfig | undefined> {
  const path = join(directory, CONFIG_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (text === undefined) {
    if ((await readdir(directory)).includes('images.jsonl')) {
      throw foreign(directory, `holds an images.jsonl but no ${CONFIG_FILE}.`);
    }
    return undefined;
  }
  try {
    const config = JSON.parse(text) as RunConfig;
    if (typeof config.versions === 'object') {
      return config;
    }
  } catch {
    // Not JSON: told below.
  }
  throw foreign(directory, `holds a ${CONFIG_FILE} that Gimbal did not write.`);
}

async function readResult(directory: string): Promise<EvaluationResult | undefined> {
  const text = await readFile(join(directory, RESULT_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as EvaluationResult);
}

function otherConfiguration(directory: string, others: readonly string[]): Error {
  return misuse({
    code: 'other-configuration',
    subject: directory,
    problem: `holds a run with another configuration (${others.join('; ')}).`,
    advice: 'Repeat it with the same options to go on, or choose another --out.',
  });
}

function foreign(directory: string, problem: string): Error {
  return misuse({ code: 'not-a-run-folder', subject: directory, problem, advice: 'Choose another --out.' });
}
