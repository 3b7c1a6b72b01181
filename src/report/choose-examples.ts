import type { ImageRecord } from '../evaluation/records.ts';
import { largestOf } from '../statistics/extremes.ts';

/** A record with its place in the run. */
export interface PlacedRecord {
  readonly position: number;
  readonly record: ImageRecord;
}

/**
 * Chooses images that are right as they are and wrong under the attack: the first of each class, then the second
 * of each, and so on, classes in the order in which they first appear. The same records give the same choice.
 * Holds at most `count` records of each class.
 */
export async function chooseExamples(
  records: AsyncIterable<ImageRecord>,
  attack: string,
  count: number,
): Promise<PlacedRecord[]> {
  const byClass = new Map<number, PlacedRecord[]>();
  let position = -1;
  for await (const record of records) {
    position += 1;
    const found = record.attacks[attack];
    // Where passes ran out before anything fooled, there is nothing to show.
    if (found === undefined || found.robust || found.predicted === record.label) continue;
    if (record.prediction !== record.label) continue;
    const chosen = byClass.get(record.label) ?? [];
    if (chosen.length < count) chosen.push({ position, record });
    byClass.set(record.label, chosen);
  }
  const classes = [...byClass.values()];
  const rounds = Math.max(0, largestOf(classes.map((chosen) => chosen.length)));
  return Array.from({ length: rounds }, (_, round) => classes.flatMap((chosen) => chosen.slice(round, round + 1)))
    .flat()
    .slice(0, count);
}
