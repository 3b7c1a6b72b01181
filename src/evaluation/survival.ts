import { wilsonInterval } from '../statistics/wilson.ts';
import type { Survival } from './records.ts';

/** Shares of the images whose limits a result names. */
const SHARES = [0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05] as const;

/** Sizes that are equal on paper differ in the last digits. */
const SLACK = 1e-9;

/** Counts images by what breaks them: its size depends on the grid alone. */
export class SurvivalTally {
  readonly #limits: readonly number[];
  /** Images that break at each limit. */
  readonly #broken: Float64Array;
  n = 0;

  /** @param limits rising from 0 */
  constructor(limits: readonly number[]) {
    this.#limits = limits;
    this.#broken = new Float64Array(limits.length);
  }

  /** @param breakingPoint one of the limits; `null` where nothing breaks the image */
  add(breakingPoint: number | null): void {
    this.n++;
    if (breakingPoint !== null) this.#broken[indexAt(this.#limits, breakingPoint)]++;
  }

  survival(): Survival {
    let left = this.n;
    const counts = Array.from(this.#broken, (broken) => (left -= broken));
    const limits = this.#limits;
    return {
      limits,
      withstand: counts.map((count) => (this.n === 0 ? 0 : count / this.n)),
      n: this.n,
      interval: counts.map((count) => wilsonInterval(count, this.n)),
      quantiles: SHARES.map((share) => {
        const last = counts.findLastIndex((count) => reaches(count, this.n, share));
        return { share, limit: last < 0 ? null : limits[last] };
      }),
    };
  }
}

/** Whether a count is at least a share of n: 0.57 · 100 is a little above 57. */
function reaches(count: number, n: number, share: number): boolean {
  return count >= share * n - SLACK * n;
}

/** Share of the images that withstand everything up to a size: what holds at the last limit that is not above it. */
export function withstandAt({ limits, withstand }: Survival, size: number): number {
  return withstand[indexAt(limits, size)];
}

/** Whether at least a share (in percent) of the images withstands everything up to a size. */
export function holdsAt(survival: Survival, size: number, percent: number): boolean {
  return reaches(withstandAt(survival, size) * survival.n, survival.n, percent / 100);
}

/** Whether an image withstands everything up to a size: what breaks it is larger than the last limit up to there. */
export function withstands(limits: readonly number[], breakingPoint: number | null, size: number): boolean {
  return breakingPoint === null || indexAt(limits, breakingPoint) > indexAt(limits, size);
}

/** The size by which half of the images have fallen; `undefined` where they have not at the last limit. */
export function halfFallBy({ limits, withstand, n }: Survival): number | undefined {
  const first = withstand.findIndex((share) => share * n <= n / 2 + SLACK * n);
  return first < 0 ? undefined : limits[first];
}

/** The largest limit that a share of the images withstands. */
export function limitOf({ quantiles }: Survival, share: number): number | undefined {
  return quantiles.find((quantile) => quantile.share === share)?.limit ?? undefined;
}

/** Index of the last limit that is not above a size. */
function indexAt(limits: readonly number[], size: number): number {
  return Math.max(
    0,
    limits.findLastIndex((limit) => limit <= size + SLACK),
  );
}
