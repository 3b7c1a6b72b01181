import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedImage } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { type Json, differences } from './differences.ts';
import { FolderJournal } from './folder-journal.ts';
import { LOCK_FILE, lock } from './lock.ts';
import { claimFolder, removeLeftovers } from '../output/claim-folder.ts';
import type { Input } from '../output/same-file.ts';
import {
  RESULT_FILE,
  type RunConfig,
  holdsEvaluation,
  readConfig,
  readResult,
  resultText,
  writeConfig,
} from './run-files.ts';
import { finishSwap } from './swap-files.ts';
import { readUnreadable, writeUnreadable } from './unreadable-file.ts';
import { writeAtomically } from '../output/write-atomically.ts';

export interface RunFolderRequest {
  readonly directory: string;
  readonly config: RunConfig;
  /** What the run reads, which is never written over. */
  readonly inputs?: readonly Input[];
  /** The part of a configuration on which results depend; a folder goes on only with the same. */
  readonly identity: (config: RunConfig) => Json;
  /**
   * Which of the images that could not be read when the folder was written are other files by now, where these alone
   * tell its configuration from this one; `undefined` where more does.
   */
  readonly mended?: (earlier: RunConfig, unreadable: readonly SkippedImage[]) => ReadonlySet<number> | undefined;
}

/** The folder of one run: its configuration, what was found so far, and at the end its result and reports. */
export interface RunFolder {
  readonly directory: string;
  readonly journal: Journal;
  /** What its `config.json` says: of a run that goes on, as it was begun. */
  readonly config: RunConfig;
  /** The result, where the run had been finished and no image was mended since. */
  readonly result: EvaluationResult | undefined;
  /** Indices of images that could not be read and are other files by now. */
  readonly mended: ReadonlySet<number>;
  /** Writes `result.json`: from then on the run counts as finished.
   * @param unreadable images that were left out
   */
  finish(result: EvaluationResult, unreadable?: readonly SkippedImage[]): Promise<void>;
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
 * @throws misuse `output-not-writable`, `output-is-input`, `folder-in-other-use`, `not-a-run-folder`,
 *   `run-folder-in-use`, `other-configuration` (names the differences), `run-folder-damaged`; failure `disk-full`
 */
export async function openRunFolder(request: RunFolderRequest): Promise<RunFolder> {
  const { directory, config, identity, inputs } = request;
  await claimFolder(directory, { what: 'an evaluation', inputs, isOurs: (names) => holdsEvaluation(directory, names) });
  const unlock = await lock(join(directory, LOCK_FILE));
  try {
    await finishSwap(directory);
    await removeLeftovers(directory);
    const earlier = await readConfig(directory);
    const result = await readResult(directory);
    const journal = await FolderJournal.open(directory, result?.n);
    try {
      const others = earlier === undefined ? [] : differences(identity(earlier), identity(config));
      const mended =
        others.length > 0 && earlier !== undefined ? request.mended?.(earlier, await readUnreadable(directory)) : NONE;
      if (mended === undefined && journal.completed > 0) throw otherConfiguration(directory, others);
      // A run that goes on with mended images is not finished, and is what its configuration says when it is again.
      if (mended !== undefined && mended.size > 0) {
        await rm(join(directory, RESULT_FILE), { force: true });
        return new OpenRunFolder(directory, journal, config, undefined, unlock, mended);
      }
      const kept = others.length > 0 ? undefined : earlier;
      if (kept === undefined) await writeConfig(directory, config);
      return new OpenRunFolder(directory, journal, kept ?? config, result, unlock);
    } catch (error) {
      await journal.close();
      throw error;
    }
  } catch (error) {
    await unlock();
    throw error;
  }
}

const NONE: ReadonlySet<number> = new Set();

class OpenRunFolder implements RunFolder {
  readonly directory: string;
  readonly journal: FolderJournal;
  config: RunConfig;
  result: EvaluationResult | undefined;
  readonly mended: ReadonlySet<number>;
  readonly #unlock: () => Promise<void>;

  constructor(
    directory: string,
    journal: FolderJournal,
    config: RunConfig,
    result: EvaluationResult | undefined,
    unlock: () => Promise<void>,
    mended: ReadonlySet<number> = NONE,
  ) {
    this.directory = directory;
    this.journal = journal;
    this.config = config;
    this.result = result;
    this.#unlock = unlock;
    this.mended = mended;
  }

  async finish(result: EvaluationResult, unreadable: readonly SkippedImage[] = []): Promise<void> {
    await this.journal.finish();
    if (this.mended.size > 0) await writeConfig(this.directory, this.config);
    await writeUnreadable(this.directory, unreadable);
    await writeAtomically(join(this.directory, RESULT_FILE), resultText(result));
    this.result = result;
  }

  async reconfigure(config: RunConfig): Promise<void> {
    await writeConfig(this.directory, config);
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

function otherConfiguration(directory: string, others: readonly string[]): Error {
  return misuse({
    code: 'other-configuration',
    subject: directory,
    problem: `holds a run with another configuration (${others.join('; ')}).`,
    advice: 'Repeat it with the same options to go on, or choose another --out.',
  });
}
