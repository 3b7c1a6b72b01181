import { pairRecords } from '../../evaluation/pair-records.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import type { PlacedRecord } from '../choose-examples.ts';

/** What became of the images of one class: those that were right before and afterwards. */
export interface ClassChange {
  readonly label: number;
  readonly n: number;
  readonly natural: { readonly before: number; readonly after: number };
  readonly robust: { readonly before: number; readonly after: number };
}

export interface Changes {
  /** Indices of images that are right under the attack afterwards and were not before, and the reverse. */
  readonly won: readonly number[];
  readonly lost: readonly number[];
  /** The first of them, with the record of the model that the attack fools: the one before, the one afterwards. */
  readonly shownWon: readonly PlacedRecord[];
  readonly shownLost: readonly PlacedRecord[];
  /** Ascending by label. */
  readonly classes: readonly ClassChange[];
}

/**
 * Which images were won and lost under one attack, from the records of both evaluations.
 * @param shown most images of each kind to be shown; but for `natural`, images that both models see right as they are
 */
export async function findChanges(
  before: AsyncIterable<ImageRecord>,
  after: AsyncIterable<ImageRecord>,
  attack: string,
  shown: number,
): Promise<Changes> {
  const [won, lost]: [number[], number[]] = [[], []];
  const [shownWon, shownLost]: [PlacedRecord[], PlacedRecord[]] = [[], []];
  const classes = new Map<number, ClassCounts>();
  let position = -1;
  for await (const { a, b } of pairRecords(before, after)) {
    // Places in the run afterwards: its images are those that pictures are taken from.
    if (b !== undefined) position++;
    const [was, is] = [a?.attacks[attack], b?.attacks[attack]];
    if (a === undefined || b === undefined || was === undefined || is === undefined) continue;
    count(classes, a, b, attack);
    if (was.robust === is.robust) continue;
    (is.robust ? won : lost).push(a.index);
    const telling = attack === 'natural' || (a.prediction === a.label && b.prediction === b.label);
    const list = is.robust ? shownWon : shownLost;
    if (telling && list.length < shown) list.push({ position, record: is.robust ? a : b });
  }
  return { won, lost, shownWon, shownLost, classes: [...classes.values()].sort((x, y) => x.label - y.label) };
}

interface ClassCounts {
  readonly label: number;
  n: number;
  readonly natural: { before: number; after: number };
  readonly robust: { before: number; after: number };
}

function count(classes: Map<number, ClassCounts>, before: ImageRecord, after: ImageRecord, attack: string): void {
  const { label } = before;
  const counts = classes.get(label) ?? {
    label,
    n: 0,
    natural: { before: 0, after: 0 },
    robust: { before: 0, after: 0 },
  };
  counts.n++;
  counts.natural.before += Number(before.prediction === label);
  counts.natural.after += Number(after.prediction === label);
  counts.robust.before += Number(before.attacks[attack].robust);
  counts.robust.after += Number(after.attacks[attack].robust);
  classes.set(label, counts);
}
