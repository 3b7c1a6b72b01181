import { randomStream } from '../random/stream.ts';
import type { Attack, Target } from './attack.ts';
import type { Candidates } from './candidates.ts';
import { ascendPixels, type PgdSettings } from './pgd.ts';
import { WorstTracker } from './worst-tracker.ts';

/**
 * For each candidate transformation: pixel PGD added to the untransformed image, run through the transformation.
 * Right only if right on all.
 */
export function combinedAttack(
  name: string,
  candidatesOf: (target: Target) => Candidates,
  settings: PgdSettings,
  seed: number,
  exhaustive: boolean,
): Attack {
  const stream = randomStream(seed, 'pgd start');
  const each = settings.restarts * (settings.steps + 1);
  return {
    name,
    needsGradients: true,
    *search(target) {
      const candidates = candidatesOf(target);
      const tracker = new WorstTracker(target.label);
      for (let i = 0; i < candidates.length && (exhaustive || !tracker.fooled); i++) {
        const candidate = candidates.order?.[i] ?? i;
        yield* ascendPixels(
          target,
          candidates.transformation(candidate),
          settings,
          stream,
          tracker,
          exhaustive,
          candidate * each,
        );
      }
      return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: candidates.length * each };
    },
  };
}
