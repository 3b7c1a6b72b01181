import type { SkippedImage } from '../data/source.ts';
import type { ImageRecord } from './records.ts';

/**
 * Where an evaluation writes what it found, image by image and in order, and finds what an earlier part of
 * the same run left behind. The run folder on disk is one (`src/node/run-folder`), `memoryJournal` another.
 */
export interface Journal {
  /** Records that are already there: the evaluation goes on with the image after them. */
  readonly completed: number;
  /** Wall-clock seconds that the earlier parts of the run took. */
  readonly secondsBefore: number;
  /**
   * Adds records after those already there. They are safe (on disk, where there is one) when the promise resolves.
   *
   * @param losses by name of the attack, for exhaustive runs: one array per record with a value for each candidate,
   *   in the form of `exhaustiveValue` (see src/statistics/exhaustive-value.ts)
   * @param perturbations by file name relative to the run folder: pixel perturbations that fooled, CHW
   */
  append(
    records: readonly ImageRecord[],
    losses: ReadonlyMap<string, readonly Float32Array[]>,
    perturbations: ReadonlyMap<string, Float32Array>,
  ): Promise<void>;
  /**
   * Puts records in the place of those of the same images, and between them where there are none, for images that could
   * not be read before. Kept by run folders, which alone outlive such images.
   */
  replace?(
    records: readonly ImageRecord[],
    losses: ReadonlyMap<string, readonly Float32Array[]>,
    perturbations: ReadonlyMap<string, Float32Array>,
  ): Promise<void>;
  /** Told of all images that could not be read so far, whenever there are more. */
  leaveOut?(images: readonly SkippedImage[]): Promise<void>;
  /** All records from the first, also those of earlier parts. */
  records(): AsyncIterable<ImageRecord>;
  /** The kept losses of one attack, image by image in the order of the records. Empty where none were kept. */
  losses(attack: string): AsyncIterable<Float32Array>;
}

/** A journal for library users who need no files: it holds everything in memory. */
export function memoryJournal(): Journal {
  const kept: ImageRecord[] = [];
  const keptLosses = new Map<string, Float32Array[]>();
  return {
    get completed() {
      return kept.length;
    },
    secondsBefore: 0,
    async append(records, losses) {
      for (const record of records) kept.push(record);
      for (const [attack, arrays] of losses) {
        keptLosses.set(attack, [...(keptLosses.get(attack) ?? []), ...arrays]);
      }
    },
    async *records() {
      yield* kept;
    },
    async *losses(attack) {
      yield* keptLosses.get(attack) ?? [];
    },
  };
}
