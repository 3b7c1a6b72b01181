import { sha256OfText } from '../digest/sha256.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { checkPositions } from './positions.ts';
import { type Shard, shardOf } from './shard.ts';
import type { ImageSource } from './source.ts';

/** Which images of a data set are taken, and in which order. */
export interface Selection {
  /** Images passed over at the start, of those that are not excluded. Default 0. */
  readonly offset?: number;
  /** Most images taken. Default: all. */
  readonly limit?: number;
  /** Take the `limit` images evenly spaced over those that are left, in place of the first ones. */
  readonly spread?: boolean;
  /** Positions in the data set that are left out, before offset and limit count. */
  readonly exclude?: readonly number[];
  /** Take only a shard of what all that chooses, in groups of so many images; it may be empty. */
  readonly shard?: Shard & { readonly group: number };
  /** Of what all that chooses take only these positions in the data set. */
  readonly only?: ReadonlySet<number>;
}

/**
 * A view of part of a source. Its images keep the `index` that they have in the whole data set, so that randomness
 * drawn for an image does not depend on the selection. Exclusions, unlike offset and limit, change the fingerprint.
 * @throws misuse `malformed-selection`, `exclusion-out-of-range`, `nothing-selected`
 */
export function selectImages(source: ImageSource, selection: Selection): ImageSource {
  const { excluded, chosen: all } = choosePositions(source, selection);
  const { shard, only } = selection;
  const own = shard === undefined ? all : shardOf(all, shard, shard.group);
  const chosen = only === undefined ? own : own.filter((position) => only.has(position));
  const { labels } = source;
  const tell = (fingerprint: string) =>
    excluded.size === 0 ? fingerprint : excludedFingerprint(fingerprint, excluded);
  return {
    name: source.name,
    length: chosen.length,
    shape: source.shape,
    classes: source.classes,
    classNames: source.classNames,
    labelling: source.labelling,
    notes: source.notes,
    labels: labels && chosen.map((position) => labels[position]),
    fingerprint: tell(source.fingerprint),
    fingerprintWith: source.fingerprintWith && ((contents) => tell(source.fingerprintWith!(contents))),
    faults: faultsAmong(source, chosen),
    get skipped() {
      return source.skipped;
    },
    indexAt: (position) => source.indexAt?.(chosen[position]) ?? chosen[position],
    async read(positions, next) {
      checkPositions(positions, chosen.length, `the selection of ${source.name}`);
      const inSource = (position: number): number => chosen[position];
      return source.read(positions.map(inSource), next?.map(inSource));
    },
    readEdited:
      source.readEdited &&
      (async (positions, editOf) => {
        checkPositions(positions, chosen.length, `the selection of ${source.name}`);
        return source.readEdited!(
          positions.map((position) => chosen[position]),
          editOf,
        );
      }),
    close: () => source.close(),
  };
}

/** How many images a selection chooses; a shard of it has fewer. */
export function selectionLength(source: ImageSource, { shard: _, only: __, ...selection }: Selection): number {
  return choosePositions(source, selection).chosen.length;
}

/** A sentence for people where offset and limit leave out whole classes, of a source that tells its labels. */
export function describeMissingClasses(source: ImageSource, selection: Selection): string | undefined {
  const { labels } = source;
  if (labels === undefined) return undefined;
  const { left, chosen } = choosePositions(source, selection);
  const classesOf = (positions: readonly number[]): number =>
    new Set(positions.map((position) => labels[position])).size;
  const [all, taken] = [classesOf(left), classesOf(chosen)];
  if (taken === all) return undefined;
  const { offset = 0, limit, spread } = selection;
  const given = [
    ...(offset > 0 ? [optionWords('offset', offset)] : []),
    ...(limit === undefined ? [] : [optionWords('limit', limit)]),
  ];
  const advice =
    limit === undefined
      ? `Lower ${optionWords('offset')}.`
      : spread
        ? `Raise ${optionWords('limit')}${offset > 0 ? `, or lower ${optionWords('offset')}` : ''}.`
        : `Add ${optionWords('spread')} to take them from all over the data set.`;
  return (
    `With ${given.join(' and ')} the images lie in only ${taken} of the ${all} classes of ${source.name}. ` +
    `${advice}`
  );
}

/** The faults of the source among the positions; like `skipped` they tell positions in the whole data set. */
function faultsAmong({ faults }: ImageSource, chosen: readonly number[]): ImageSource['faults'] {
  if (faults === undefined) return undefined;
  const taken = new Set(chosen);
  return faults.filter(({ position }) => taken.has(position));
}

interface Choice {
  readonly excluded: ReadonlySet<number>;
  /** Positions that are not excluded. */
  readonly left: readonly number[];
  readonly chosen: readonly number[];
}

function choosePositions(source: ImageSource, { offset = 0, limit, spread = false, exclude = [] }: Selection): Choice {
  checkCount(optionWords('offset'), offset, 0);
  if (limit !== undefined) checkCount(optionWords('limit'), limit, 1);
  const excluded = new Set(exclude);
  for (const position of excluded) {
    if (!Number.isInteger(position) || position < 0 || position >= source.length) {
      throw misuse({
        code: 'exclusion-out-of-range',
        subject: optionWords('exclude'),
        problem: `names image ${position}; ${source.name} has images 0 to ${source.length - 1}.`,
      });
    }
  }
  const left = Array.from({ length: source.length }, (_, position) => position).filter(
    (position) => !excluded.has(position),
  );
  const rest = left.slice(offset);
  const chosen = spread ? evenlySpaced(rest, limit ?? rest.length) : rest.slice(0, limit);
  if (chosen.length === 0) {
    throw misuse({
      code: 'nothing-selected',
      subject: source.name,
      problem:
        `no image is left: ${source.length} in the data set, ${excluded.size} excluded, ` +
        `${optionWords('offset', offset)}.`,
      advice: `Lower ${optionWords('offset')} or exclude fewer images.`,
    });
  }
  return { excluded, left, chosen };
}

/** At most `count` of the items: those at ⌊i · length / count⌋, so that twice as many hold all of them. */
function evenlySpaced<T>(items: readonly T[], count: number): T[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, i) => items[Math.floor((i * items.length) / taken)]);
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
      advice:
        'It should be a JSON array of whole numbers from 0 up, or an object such as {"test": [3, 7], "train": []}.',
    });
  }
  return list;
}

function checkCount(subject: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw misuse({
    code: 'malformed-selection',
    subject,
    problem: `is ${value}; it takes a whole number from ${least} up.`,
  });
}

function excludedFingerprint(fingerprint: string, excluded: ReadonlySet<number>): string {
  const list = [...excluded].sort((one, other) => one - other);
  return sha256OfText(JSON.stringify({ fingerprint, excluded: list }));
}
