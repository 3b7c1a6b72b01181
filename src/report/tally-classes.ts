import type { ImageRecord } from '../evaluation/records.ts';

/** What became of the images of one class. */
export interface ClassTally {
  readonly label: number;
  readonly n: number;
  /** Images that are right as they are. */
  readonly natural: number;
  /** Images that are right under the attack. */
  readonly robust: number;
}

/** Counts by class how many images are right naturally and under one attack. Ascending by label. */
export async function tallyClasses(records: AsyncIterable<ImageRecord>, attack: string): Promise<ClassTally[]> {
  const tallies = new Map<number, { label: number; n: number; natural: number; robust: number }>();
  for await (const { label, prediction, attacks } of records) {
    const found = attacks[attack];
    if (found === undefined) continue;
    const tally = tallies.get(label) ?? { label, n: 0, natural: 0, robust: 0 };
    tally.n += 1;
    tally.natural += prediction === label ? 1 : 0;
    tally.robust += found.robust ? 1 : 0;
    tallies.set(label, tally);
  }
  return [...tallies.values()].sort((a, b) => a.label - b.label);
}
