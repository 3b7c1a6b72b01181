import { wilsonInterval } from './wilson.ts';

/** How two yes-or-no results for the same things fall together. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

/** A difference of two shares on the same images, in [−1, 1], with its interval. */
export interface PairedDifference {
  /** Proportion of B less that of A, in [-1, 1]. */
  readonly difference: number;
  /** Its 95 % interval, in [-1, 1]. */
  readonly interval: readonly [number, number];
}

/**
 * Difference of two proportions of the same things, with a 95 % interval that knows how far the two go together:
 * Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired data"
 * (Statistics in Medicine 1998), method 10: the Wilson intervals of both, joined as the sides of a triangle with the
 * angle of their correlation φ.
 *
 * @returns difference 0 and the interval [-1, 1] for no things at all
 */
export function pairedDifference(counts: PairedCounts): PairedDifference {
  const { both, onlyA, onlyB, neither } = counts;
  const n = both + onlyA + onlyB + neither;
  if (n === 0) return { difference: 0, interval: [-1, 1] };
  const [a, b] = [both + onlyA, both + onlyB];
  const [lowA, highA] = wilsonInterval(a, n);
  const [lowB, highB] = wilsonInterval(b, n);
  const phi = correlation(counts, n);
  const side = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const difference = (b - a) / n;
  return {
    difference,
    interval: [difference - side(b / n - lowB, highA - a / n), difference + side(highB - b / n, a / n - lowA)],
  };
}

/**
 * φ with Newcombe's correction, which takes half of n from a positive numerator; 0 where one of the two never varies.
 */
function correlation({ both, onlyA, onlyB, neither }: PairedCounts, n: number): number {
  const spread = (both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither);
  if (spread === 0) return 0;
  const numerator = both * neither - onlyA * onlyB;
  return (numerator > 0 ? Math.max(0, numerator - n / 2) : numerator) / Math.sqrt(spread);
}
