import { pairedDifference, type PairedCounts, type PairedDifference } from '../statistics/paired-difference.ts';
import type { PairedOutcomes } from './pair-outcomes.ts';

/** One of two runs that are set against each other. */
export interface RunSide {
  readonly folder: string;
  readonly model: string;
  readonly data: { readonly name: string; readonly fingerprint: string };
}

/** Accuracies under one attack in both runs, on the images that both hold; the difference is that of B less A. */
export interface AttackDifference extends PairedCounts, PairedDifference {
  readonly n: number;
  readonly accuracyA: number;
  readonly accuracyB: number;
}

/** How two runs on the same data differ, for programs. */
export interface RunDifference {
  readonly a: RunSide;
  readonly b: RunSide;
  /** Images that both hold, and that only one holds. */
  readonly images: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Attacks that both made, in the order of A. */
  readonly attacks: Readonly<Record<string, AttackDifference>>;
  /** Attacks that only one made. */
  readonly attacksOnlyA: readonly string[];
  readonly attacksOnlyB: readonly string[];
  /** Options and versions by which they were measured otherwise. */
  readonly measuredOtherwise: readonly string[];
}

/** What paired outcomes say of each attack. */
export function attackDifferences({ attacks }: Pick<PairedOutcomes, 'attacks'>): Record<string, AttackDifference> {
  return Object.fromEntries(
    Array.from(attacks, ([attack, counts]) => [
      attack,
      { ...accuraciesOf(counts), ...pairedDifference(counts), ...counts },
    ]),
  );
}

function accuraciesOf({
  both,
  onlyA,
  onlyB,
  neither,
}: PairedCounts): Pick<AttackDifference, 'n' | 'accuracyA' | 'accuracyB'> {
  const n = both + onlyA + onlyB + neither;
  return { n, accuracyA: (both + onlyA) / n, accuracyB: (both + onlyB) / n };
}
