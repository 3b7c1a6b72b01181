import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { misuse } from '../errors/error.ts';
import { checkPositions } from './positions.ts';
import type { ImageSource } from './source.ts';

export interface Selection {
  /** Images passed over at the start, of those that are not excluded. Default 0. */
  readonly offset?: number;
  /** Most images taken. Default: all. */
  readonly limit?: number;
  /** Positions in the data set that are left out, before offset and limit count. */
  readonly exclude?: readonly number[];
}

/**
 * A view of part of a source. Its images keep the `index` that they have in the whole data set, so that randomness drawn
 * for an image does not depend on the selection. Exclusions, unlike offset and limit, change the fingerprint.
 * @throws misuse `malformed-selection`, `exclusion-out-of-range`, `nothing-selected`
 */
export function selectImages(source: ImageSource, { offset = 0, limit, exclude = [] }: Selection): ImageSource {
  checkCount('--offset', offset, 0);
  if (limit !== undefined) checkCount('--limit', limit, 1);
  const excluded = new Set(exclude);
  for (const position of excluded) {
    if (!Number.isInteger(position) || position < 0 || position >= source.length) {
      throw misuse({
        code: 'exclusion-out-of-range',
        subject: '--exclude',
        problem: `names image ${position}; ${source.name} has images 0 to ${source.length - 1}.`,
      });
    }
  }
  const left = Array.from({ length: source.length }, (_, position) => position).filter((position) => !excluded.has(position));
  const chosen = left.slice(offset, limit === undefined ? undefined : offset + limit);
  if (chosen.length === 0) {
    throw misuse({
      code: 'nothing-selected',
      subject: source.name,
      problem: `no image is left: ${source.length} in the data set, ${excluded.size} excluded, --offset ${offset}.`,
      advice: 'Lower --offset or exclude fewer images.',
    });
  }
  return {
    name: source.name,
    length: chosen.length,
    shape: source.shape,
    classes: source.classes,
    classNames: source.classNames,
    fingerprint: excluded.size === 0 ? source.fingerprint : excludedFingerprint(source.fingerprint, excluded),
    get skipped() {
      return source.skipped;
    },
    async read(positions) {
      checkPositions(positions, chosen.length, `the selection of ${source.name}`);
      return source.read(positions.map((position) => chosen[position]));
    },
    close: () => source.close(),
  };
}

/** The source without some of its images; `list` holds positions in the data set. */
export function excludeIndices(source: ImageSource, list: readonly number[]): ImageSource {
  return selectImages(source, { exclude: list });
}

/**
 * The positions in an exclusion file: a JSON array, or an object with an array for each split.
 * @param value the parsed JSON
 * @param subject the file, for messages
 * @throws misuse `malformed-exclusion`
 */
export function parseExclusion(value: unknown, split: string, subject: string): number[] {
  const list = Array.isArray(value) ? value : (value as Record<string, unknown> | null | undefined)?.[split];
  if (!Array.isArray(list) || !list.every((index) => Number.isInteger(index) && index >= 0)) {
    throw misuse({
      code: 'malformed-exclusion',
      subject,
      problem: `holds no list of positions for the ${split} split.`,
      advice: 'It should be a JSON array of whole numbers from 0 up, or an object such as {"test": [3, 7], "train": []}.',
    });
  }
  return list;
}

function checkCount(subject: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw misuse({ code: 'malformed-selection', subject, problem: `is ${value}; it takes a whole number from ${least} up.` });
}

function excludedFingerprint(fingerprint: string, excluded: ReadonlySet<number>): string {
  const list = [...excluded].sort((one, other) => one - other);
  return bytesToHex(sha256(new TextEncoder().encode(JSON.stringify({ fingerprint, excluded: list }))));
}
