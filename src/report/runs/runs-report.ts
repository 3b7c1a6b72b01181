import type { SharedTally } from '../../evaluation/tally-shared.ts';
import type { Made } from '../made.ts';
import type { PairedCounts, PairedDifference } from '../../statistics/paired-difference.ts';

/** One of the runs that are set side by side. */
export interface ComparedRuns {
  /** Tells it from the others. */
  readonly name: string;
  readonly folder: string;
  readonly made?: Made;
  /** Images of it that not all hold. */
  readonly leftOut: number;
  /** On the images that all hold. */
  readonly tally: SharedTally;
  /** To the first run, by attack. */
  readonly differences: ReadonlyMap<string, PairedCounts & PairedDifference>;
}

/** Runs on the same data, side by side. */
export interface RunsReport {
  readonly gimbal: string;
  readonly made?: Made;
  readonly command: string;
  /** Name of the data. */
  readonly data: string;
  /** Images that all hold. */
  readonly images: number;
  /** By label. */
  readonly classNames?: readonly string[];
  readonly runs: readonly ComparedRuns[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
}

/** Every attack that a run made, in the order in which they are first met. */
export function attacksOf({ runs }: Pick<RunsReport, 'runs'>): string[] {
  return [...new Set(runs.flatMap(({ tally }) => [...tally.attacks.keys()]))];
}

/** The attack that all runs made which leaves the least on average; `natural` where they share no other. */
export function hardestShared({ runs }: Pick<RunsReport, 'runs'>): string {
  const mean = (attack: string): number =>
    runs.reduce((sum, { tally }) => sum + tally.attacks.get(attack)!.accuracy, 0) / runs.length;
  return attacksOf({ runs })
    .filter((attack) => runs.every(({ tally }) => tally.attacks.has(attack)))
    .reduce((worst, attack) => (mean(attack) <= mean(worst) ? attack : worst), 'natural');
}
