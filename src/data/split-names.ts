import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { SPLITS } from './splits.ts';

const NAMES = [...SPLITS.test, ...SPLITS.train];

/**
 * The split that a file is of, by its name (`test-00000-of-00001.parquet`, `imagenet-val-000012.tar`) or that of a
 * folder above it (`data/test/0000.parquet`): the innermost that says one.
 * @param path relative to the data set
 */
export function splitOf(path: string): string | undefined {
  const parts = path.split(/[\\/]/).reverse();
  for (const part of parts) {
    const words = part.toLowerCase().split(/[^a-z]+/);
    const found = words.find((word) => NAMES.includes(word));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Files that are read together. */
export interface FilesOfSplit {
  /** Relative to the data set, in their order. */
  readonly paths: readonly string[];
  /** Whether their names say a split. */
  readonly told: boolean;
  /** Whether it is one file that was named itself. */
  readonly alone?: boolean;
}

/**
 * The files of a split, in their order; where no file says its split, all of them.
 * @param subject the data set, for messages
 * @throws misuse `missing-split`
 */
export function filesOfSplit(paths: readonly string[], split: 'test' | 'train', subject: string): FilesOfSplit {
  const splits = paths.map(splitOf);
  if (splits.every((one) => one === undefined)) return { paths, told: false };
  const wanted = SPLITS[split].find((name) => splits.includes(name));
  if (wanted !== undefined) return { paths: paths.filter((_, at) => splits[at] === wanted), told: true };
  const there = [...new Set(splits.filter((one) => one !== undefined))].sort();
  throw misuse({
    code: 'missing-split',
    subject,
    problem: `has no files of the ${split} split; by their names there are ${there.join(', ')}.`,
    advice: `Ask for the other ${optionWords('split')}, or give the file that is meant as ${optionWords('data')}.`,
  });
}
