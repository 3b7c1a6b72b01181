import { randomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { classify, type Attack } from './attack.ts';
import { WorstTracker } from './worst-tracker.ts';

/** Name of the stream that `random` and `worst-of-k` share: the first draws of one are those of the other. */
export const DRAW_STREAM = 'draw';

/** Draws that are asked together: memory does not grow with their number. */
const AT_ONCE = 64;

/**
 * Uniform draws from the box. Accuracy is the mean over the draws; a single one by default.
 *
 * @param draws for each image, from 1 on
 */
export function randomAttack(name: string, box: Box, draws: number, seed: number): Attack {
  const stream = randomStream(seed, DRAW_STREAM);
  return {
    name,
    needsGradients: false,
    *search(target) {
      const tracker = new WorstTracker(target.label);
      let robust = false;
      for (let start = 0; start < draws; start += AT_ONCE) {
        const probes = Array.from({ length: Math.min(AT_ONCE, draws - start) }, (_, i) => ({
          candidate: start + i,
          transformation: drawTransformation(box, stream, target.index, start + i),
        }));
        const outcomes = yield* classify(probes);
        probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
        if (start === 0) robust = outcomes[0].predicted === target.label;
      }
      return {
        robust,
        worst: tracker.worst,
        exhaustive: draws,
        correctDraws: draws - tracker.fooling,
        draws,
      };
    },
  };
}
