import { exhaustiveValue } from '../statistics/exhaustive-value.ts';
import type { Transformation } from '../transform/transformation.ts';
import { classify, type Finding, type Probe, type Search, type Target } from './attack.ts';
import { WorstTracker } from './worst-tracker.ts';

/** A finite list of transformations to try on one image. */
export interface Candidates {
  readonly length: number;
  transformation(candidate: number): Transformation;
  /** Order in which to try them; by number where left out. */
  readonly order?: Uint32Array;
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
  const tracker = new WorstTracker(target.label);
  const losses = settings.exhaustive && settings.keepLosses === true ? new Float32Array(length) : undefined;
  for (let wave = 0, start = 0; start < length; wave++) {
    const end = Math.min(length, start + WAVES[Math.min(wave, WAVES.length - 1)]);
    const probes: Probe[] = [];
    for (let i = start; i < end; i++) {
      const candidate = candidates.order?.[i] ?? i;
      probes.push({ candidate, transformation: candidates.transformation(candidate) });
    }
    const outcomes = yield* classify(probes);
    probes.forEach((probe, i) => {
      tracker.offer(probe, outcomes[i]);
      if (losses !== undefined)
        losses[probe.candidate] = exhaustiveValue(outcomes[i].loss, outcomes[i].predicted === target.label);
    });
    if (tracker.fooled && !settings.exhaustive) break;
    start = end;
  }
  const finding: Finding = { robust: !tracker.fooled, worst: tracker.worst, exhaustive: length };
  return settings.exhaustive ? { ...finding, fooling: tracker.fooling, losses } : finding;
}
