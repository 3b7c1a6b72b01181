import type { Clock } from '../../ports/clock.ts';

/** Estimates how long several stages of known shares will take, from what was done in this process. */
export class TimeLeft {
  #shares: readonly (number | undefined)[];
  readonly #clock: Clock;
  readonly #started: number;
  /** Shares of work done here, and done at all. */
  #worked = 0;
  #done = 0;
  #fraction = 0;
  #before = 0;
  #stage = 0;

  /** @param shares of each stage in the time of all; without one for each there is no estimate */
  constructor(shares: readonly (number | undefined)[], clock: Clock) {
    this.#shares = shares;
    this.#clock = clock;
    this.#started = clock.seconds();
  }

  /**
   * @param fraction how much of the stage is done
   * @param before how much of it was done by an earlier process
   */
  at(fraction: number, before: number): void {
    this.#fraction = fraction;
    this.#before = before;
  }

  /** The stage is done; `skipped` where an earlier process had done it. */
  next(skipped: boolean): void {
    const share = this.#shares[this.#stage] ?? 0;
    this.#done += share;
    this.#worked += skipped ? 0 : share * (1 - this.#before);
    this.#stage++;
    this.at(0, 0);
  }

  /** Stages that are chosen take so much less or more than their shares said. */
  scale(isScaled: (stage: number) => boolean, factor: number): void {
    this.#shares = this.#shares.map((share, i) => (share !== undefined && isScaled(i) ? share * factor : share));
  }

  /** Until all stages are done; `undefined` where nothing tells yet. */
  get seconds(): number | undefined {
    if (this.#shares.includes(undefined)) return undefined;
    const shares = this.#shares as readonly number[];
    const total = shares.reduce((sum, share) => sum + share, 0);
    const share = shares[this.#stage] ?? 0;
    const worked = this.#worked + share * (this.#fraction - this.#before);
    const done = this.#done + share * this.#fraction;
    // The first hundredth is mostly loading.
    return worked < total / 100 ? undefined : ((this.#clock.seconds() - this.#started) * (total - done)) / worked;
  }
}
