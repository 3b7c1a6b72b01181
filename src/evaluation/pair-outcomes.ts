import type { PairedCounts } from '../statistics/paired-difference.ts';
import { pairRecords } from './pair-records.ts';
import type { ImageRecord } from './records.ts';

/** How the verdicts of two runs on the same data fall together. */
export interface PairedOutcomes {
  /** Images that both runs hold. */
  readonly images: number;
  /** Images that only the one holds. */
  readonly onlyA: number;
  readonly onlyB: number;
  /**
   * For each attack that both made of an image, in the order of A: images that are right under it in both, in one, in
   * neither.
   */
  readonly attacks: ReadonlyMap<string, PairedCounts>;
  /** Attacks that only the one made of images that both hold. */
  readonly attacksOnlyA: readonly string[];
  readonly attacksOnlyB: readonly string[];
}

/**
 * Goes through the records of two runs side by side, each in the order of its images. `random` is judged by its first
 * draw, a vote by its fresh queries, as in the records.
 */
export async function pairOutcomes(
  a: AsyncIterable<ImageRecord>,
  b: AsyncIterable<ImageRecord>,
): Promise<PairedOutcomes> {
  const attacks = new Map<string, Record<keyof PairedCounts, number>>();
  const held = { images: 0, onlyA: 0, onlyB: 0 };
  const [onlyA, onlyB] = [new Set<string>(), new Set<string>()];
  for await (const { a: one, b: other } of pairRecords(a, b)) {
    if (one === undefined) held.onlyB++;
    else if (other === undefined) held.onlyA++;
    else {
      held.images++;
      countPairs(attacks, one, other);
      for (const attack in one.attacks) if (!(attack in other.attacks)) onlyA.add(attack);
      for (const attack in other.attacks) if (!(attack in one.attacks)) onlyB.add(attack);
    }
  }
  return { ...held, attacks, attacksOnlyA: [...onlyA], attacksOnlyB: [...onlyB] };
}

/** Adds what two runs say of an image to the counts of each attack that both made. */
export function countPairs(
  attacks: Map<string, Record<keyof PairedCounts, number>>,
  a: ImageRecord,
  b: ImageRecord,
): void {
  for (const [attack, { robust: inA }] of Object.entries(a.attacks)) {
    const inB = b.attacks[attack]?.robust;
    if (inB === undefined) continue;
    const counts = attacks.get(attack) ?? { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
    counts[inA ? (inB ? 'both' : 'onlyA') : inB ? 'onlyB' : 'neither']++;
    attacks.set(attack, counts);
  }
}
