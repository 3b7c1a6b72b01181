import { exhaustiveValue } from '../statistics/exhaustive-value.ts';
import type { Transformation } from '../transform/transformation.ts';
import { classify, type Ask, type Finding, type Outcome, type Probe, type Search, type Target } from './attack.ts';
import { WorstTracker } from './worst-tracker.ts';

/** A finite list of transformations to try on one image. */
export interface Candidates {
  readonly length: number;
  transformation(candidate: number): Transformation;
  /** Begins an order in which to try them; by number where left out. */
  readonly order?: () => Order;
}

/** An order in which one search tries its candidates, each of them once. */
export interface Order {
  /** The next candidates: so many, or what is left. */
  take(count: number): ArrayLike<number>;
  /** What came of one that was taken. */
  learn?(candidate: number, outcome: Outcome): void;
}

/** An order that is known beforehand. */
export function fixedOrder(candidates: Uint32Array): () => Order {
  return () => {
    let left = candidates;
    return {
      take(count) {
        const taken = left.subarray(0, count);
        left = left.subarray(count);
        return taken;
      },
    };
  };
}

export interface CandidateSettings {
  /** Try all of them, also after one has fooled. */
  readonly exhaustive: boolean;
  /** With `exhaustive`: keep the loss of each. */
  readonly keepLosses?: boolean;
}

/** Probes in a wave: few at first, since most images fall to the first ones, then more to fill batches. */
const WAVES = [1, 1, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 64];

/**
 * Tries candidates in waves until one fools or none is left. The verdict is that of trying everything; which one counts
 * as the worst is decided among all candidates of the waves that were tried.
 */
export function* searchCandidates(target: Target, candidates: Candidates, settings: CandidateSettings): Search {
  const { length } = candidates;
  const { exhaustive } = settings;
  const tracker = new WorstTracker(target.label);
  const losses = exhaustive && settings.keepLosses === true ? new Float32Array(length) : undefined;
  yield* tryCandidates(candidates, exhaustive, tracker, ({ candidate }, { loss, predicted }) => {
    if (losses !== undefined) losses[candidate] = exhaustiveValue(loss, predicted === target.label);
  });
  const finding: Finding = { robust: !tracker.fooled, worst: tracker.worst, exhaustive: length };
  return exhaustive ? { ...finding, fooling: tracker.fooling, losses } : finding;
}

/** @param told what came of each candidate */
export function* tryCandidates(
  { length, transformation, order = fixedOrder(Uint32Array.from({ length }, (_, i) => i)) }: Candidates,
  exhaustive: boolean,
  tracker: WorstTracker,
  told: (probe: Probe, outcome: Outcome) => void,
): Generator<Ask, void, readonly Outcome[]> {
  const { take, learn } = order();
  for (let wave = 0, tried = 0; tried < length; wave++) {
    const probes = Array.from(take(WAVES[Math.min(wave, WAVES.length - 1)]), (candidate): Probe => ({
      candidate,
      transformation: transformation(candidate),
    }));
    const outcomes = yield* classify(probes);
    probes.forEach((probe, i) => {
      tracker.offer(probe, outcomes[i]);
      learn?.(probe.candidate, outcomes[i]);
      told(probe, outcomes[i]);
    });
    if (tracker.fooled && !exhaustive) return;
    tried += probes.length;
  }
}
