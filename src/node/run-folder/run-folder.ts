import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedImage } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { differences } from '../../json/differences.ts';
import { FolderJournal } from './folder-journal.ts';
import { LOCK_FILE, lock } from './lock.ts';
import { claimFolder, removeLeftovers } from '../output/claim-folder.ts';
import type { RunFolder, RunFolderRequest } from '../../applications/evaluate/run-folder.ts';
import {
  RESULT_FILE,
  type RunConfig,
  holdsEvaluation,
  readConfig,
  readResult,
  resultText,
  writeConfig,
} from '../../applications/evaluate/run-files.ts';
import { nodeFiles } from '../files.ts';
import { finishSwap } from './swap-files.ts';
import { readUnreadable, writeUnreadable } from '../../applications/evaluate/unreadable-file.ts';
import { writeAtomically } from '../output/write-atomically.ts';

/** See `RunFolders`. */
export async function openRunFolder(request: RunFolderRequest): Promise<RunFolder> {
  const { directory, config, identity, inputs } = request;
  await claimFolder(directory, {
    what: 'an evaluation',
    inputs,
    isOurs: (names) => holdsEvaluation(nodeFiles, directory, names),
  });
  const unlock = await lock(join(directory, LOCK_FILE));
  try {
    await finishSwap(directory);
    await removeLeftovers(directory);
    const earlier = await readConfig(nodeFiles, directory);
    const result = await readResult(nodeFiles, directory);
    const journal = await FolderJournal.open(directory, result?.n);
    try {
      const others = earlier === undefined ? [] : differences(identity(earlier), identity(config));
      const mended =
        others.length > 0 && earlier !== undefined
          ? request.mended?.(earlier, await readUnreadable(nodeFiles, directory))
          : NONE;
      if (mended === undefined && journal.completed > 0) throw otherConfiguration(directory, others);
      // A run that goes on with mended images is not finished, and is what its configuration says when it is again.
      if (mended !== undefined && mended.size > 0) {
        await rm(join(directory, RESULT_FILE), { force: true });
        return new OpenRunFolder(directory, journal, config, undefined, unlock, mended);
      }
      const kept = others.length > 0 ? undefined : earlier;
      if (kept === undefined) await writeConfig(nodeFiles, directory, config);
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
    if (this.mended.size > 0) await writeConfig(nodeFiles, this.directory, this.config);
    await writeUnreadable(nodeFiles, this.directory, unreadable);
    await writeAtomically(join(this.directory, RESULT_FILE), resultText(result));
    this.result = result;
  }

  async reconfigure(config: RunConfig): Promise<void> {
    await writeConfig(nodeFiles, this.directory, config);
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
    advice: `Repeat it with the same options to go on, or choose another ${optionWords('out')}.`,
  });
}
