import type { Box } from '../sets/box.ts';
import { compareSizes } from '../sets/transformation-size.ts';
import { fromTuple, type Transformation } from '../transform/transformation.ts';
import type { ImageRecord } from './records.ts';

/** What became of the images of one class. */
export interface ClassTally {
  readonly label: number;
  readonly n: number;
  /** Images that are right as they are. */
  readonly natural: number;
  /** Images that are right under the attack. */
  readonly robust: number;
  /** Images that are wrong under the attack, by the class that is predicted there. */
  readonly takenFor: ReadonlyMap<number, number>;
  /** What the class is taken for most often; absent where every image is right. */
  readonly confusion?: Confusion;
}

interface Confusion {
  readonly predicted: number;
  /** Images. */
  readonly n: number;
  /** The smallest transformation known to lead there alone, of all attacks and images of the class. */
  readonly transformation?: Transformation;
}

interface Tally {
  readonly label: number;
  n: number;
  natural: number;
  robust: number;
  readonly takenFor: Map<number, number>;
  readonly least: Map<number, Transformation>;
}

/**
 * Counts by class how many images are right naturally and under one attack, and what they are taken for. Ascending by
 * label.
 */
export async function tallyClasses(
  records: AsyncIterable<ImageRecord>,
  attack: string,
  box: Box,
): Promise<ClassTally[]> {
  const tallies = new Map<number, Tally>();
  for await (const { label, prediction, attacks } of records) {
    const found = attacks[attack];
    if (found === undefined) continue;
    let tally = tallies.get(label);
    if (tally === undefined)
      tallies.set(label, (tally = { label, n: 0, natural: 0, robust: 0, takenFor: new Map(), least: new Map() }));
    tally.n += 1;
    tally.natural += prediction === label ? 1 : 0;
    tally.robust += found.robust ? 1 : 0;
    if (!found.robust && found.predicted !== label)
      tally.takenFor.set(found.predicted, (tally.takenFor.get(found.predicted) ?? 0) + 1);
    for (const { predicted, worst, perturbation } of Object.values(attacks)) {
      if (perturbation !== undefined) continue;
      const before = tally.least.get(predicted);
      const transformation = fromTuple(worst);
      if (before === undefined || compareSizes(box, transformation, before) < 0)
        tally.least.set(predicted, transformation);
    }
  }
  return [...tallies.values()]
    .sort((a, b) => a.label - b.label)
    .map(({ least, ...tally }) => ({ ...tally, ...mostFrequent(tally.takenFor, least) }));
}

/** Of equals the lower class. */
function mostFrequent(
  takenFor: ReadonlyMap<number, number>,
  least: ReadonlyMap<number, Transformation>,
): { readonly confusion?: Confusion } {
  const [first] = [...takenFor].sort(([one, a], [other, b]) => b - a || one - other);
  if (first === undefined) return {};
  const [predicted, n] = first;
  return { confusion: { predicted, n, transformation: least.get(predicted) } };
}
