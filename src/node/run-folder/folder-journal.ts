import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { SkippedImage } from '../../data/source.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { nodeFiles } from '../files.ts';
import { LossesFile, removeLosses } from './losses-file.ts';
import { lossesFileName } from './losses-name.ts';
import { writing } from '../output/output-errors.ts';
import { leastOf } from '../../statistics/extremes.ts';
import { mergeRecords } from './merge-records.ts';
import { RecordsFile } from './records-file.ts';
import { RECORDS_FILE, notAllOf } from '../../applications/evaluate/run-files.ts';
import { writeUnreadable } from '../../applications/evaluate/unreadable-file.ts';

/** Apart from the records, so that these are the same bytes however often the run was interrupted. */
const SECONDS_FILE = 'seconds.txt';

/**
 * The journal on disk. Losses and perturbations are written before the records that they belong to, so what counts
 * after a kill is the number of images that every file holds whole; the rest is cut off when the folder is opened
 * again.
 */
export class FolderJournal implements Journal {
  readonly secondsBefore: number;
  readonly #directory: string;
  #records: RecordsFile;
  readonly #losses: Map<string, LossesFile>;
  readonly #opened = performance.now();

  private constructor(directory: string, records: RecordsFile, losses: Map<string, LossesFile>, secondsBefore: number) {
    this.#directory = directory;
    this.#records = records;
    this.#losses = losses;
    this.secondsBefore = secondsBefore;
  }

  /**
   * @param finished images that the run was finished with: none of them is cut off
   * @throws misuse `run-folder-damaged`; the files are then as they were
   */
  static async open(directory: string, finished?: number): Promise<FolderJournal> {
    const records = await RecordsFile.open(join(directory, RECORDS_FILE));
    const losses = new Map<string, LossesFile>();
    try {
      await openLosses(directory, losses);
      const whole = Math.min(records.count, leastOf([...losses.values()].map(({ rows }) => rows)));
      if (finished !== undefined && whole !== finished) throw notAllOf(join(directory, RECORDS_FILE), whole, finished);
      await records.keep(whole);
      for (const [name, file] of losses) {
        if (whole > 0) {
          await file.keep(whole);
        } else {
          // Nothing to go on with, and another configuration may have another number of candidates.
          await file.remove();
          losses.delete(name);
        }
      }
      return new FolderJournal(directory, records, losses, await readSeconds(directory));
    } catch (error) {
      for (const file of [records, ...losses.values()]) await file.close();
      throw error;
    }
  }

  get completed(): number {
    return this.#records.count;
  }

  async append(
    records: readonly ImageRecord[],
    losses: ReadonlyMap<string, readonly Float32Array[]>,
    perturbations: ReadonlyMap<string, Float32Array>,
  ): Promise<void> {
    await this.#keepPerturbations(perturbations);
    for (const [attack, arrays] of losses) {
      const file = this.#losses.get(lossesFileName(attack)) ?? (await this.#begin(attack, arrays[0]));
      await file?.append(arrays);
    }
    await this.#records.append(records);
    await this.#keepSeconds();
  }

  async replace(
    records: readonly ImageRecord[],
    losses: ReadonlyMap<string, readonly Float32Array[]>,
    perturbations: ReadonlyMap<string, Float32Array>,
  ): Promise<void> {
    await this.#keepPerturbations(perturbations);
    const rows = new Map(Array.from(losses, ([attack, arrays]) => [lossesFileName(attack), arrays]));
    await mergeRecords(this.#directory, this.#records, this.#losses, records, rows);
    // What was open are the old files.
    for (const file of [this.#records, ...this.#losses.values()]) await file.close();
    this.#records = await RecordsFile.open(join(this.#directory, RECORDS_FILE));
    this.#losses.clear();
    await openLosses(this.#directory, this.#losses);
    await this.#keepSeconds();
  }

  async leaveOut(images: readonly SkippedImage[]): Promise<void> {
    await writeUnreadable(nodeFiles, this.#directory, images);
  }

  records(): AsyncIterable<ImageRecord> {
    return this.#records.read();
  }

  async *losses(attack: string): AsyncGenerator<Float32Array> {
    yield* this.#losses.get(lossesFileName(attack))?.read() ?? [];
  }

  async finish(): Promise<void> {
    for (const file of this.#losses.values()) {
      await file.finish();
    }
  }

  async close(): Promise<void> {
    for (const file of [this.#records, ...this.#losses.values()]) {
      await file.close();
    }
  }

  async #begin(attack: string, first: Float32Array | undefined): Promise<LossesFile | undefined> {
    const path = join(this.#directory, lossesFileName(attack));
    if (first === undefined) {
      return undefined;
    }
    if (this.completed > 0) {
      throw misuse({
        code: 'run-folder-damaged',
        subject: path,
        problem: 'is missing, although earlier images were kept.',
        advice: `Start anew with another ${optionWords('out')}, or delete the folder.`,
      });
    }
    const file = await LossesFile.create(path, first.length);
    this.#losses.set(lossesFileName(attack), file);
    return file;
  }

  async #keepPerturbations(perturbations: ReadonlyMap<string, Float32Array>): Promise<void> {
    for (const [name, values] of perturbations) {
      const path = join(this.#directory, name);
      await writing(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), { flush: true });
      });
    }
  }

  async #keepSeconds(): Promise<void> {
    const path = join(this.#directory, SECONDS_FILE);
    const seconds = this.secondsBefore + (performance.now() - this.#opened) / 1000;
    await writing(path, () => writeFile(path, `${seconds.toFixed(3)}\n`));
  }
}

async function openLosses(directory: string, files: Map<string, LossesFile>): Promise<void> {
  for (const name of (await readdir(directory)).filter((entry) => /^losses-.*\.npy$/.test(entry)).sort()) {
    const file = await LossesFile.open(join(directory, name));
    if (file === undefined) {
      await removeLosses(join(directory, name));
    } else {
      files.set(name, file);
    }
  }
}

/** Zero where the file is missing or was cut: only the time that is told suffers. */
async function readSeconds(directory: string): Promise<number> {
  const seconds = Number(await readFile(join(directory, SECONDS_FILE), 'utf8').catch(() => '0'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
