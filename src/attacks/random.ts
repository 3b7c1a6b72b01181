import { randomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { classify, type Attack } from './attack.ts';
import { WorstTracker } from './worst-tracker.ts';

/** Name of the stream that `random` and `worst-of-k` share: the first draws of one are those of the other. */
export const DRAW_STREAM = 'draw';

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
      const probes = Array.from({ length: draws }, (_, draw) => ({
        candidate: draw,
        transformation: drawTransformation(box, stream, target.index, draw),
      }));
      const outcomes = yield* classify(probes);
      const tracker = new WorstTracker(target.label);
      probes.forEach((probe, i) => tracker.offer(probe, outcomes[i]));
      return {
        robust: outcomes[0].predicted === target.label,
        worst: tracker.worst,
        exhaustive: draws,
        correctDraws: draws - tracker.fooling,
        draws,
      };
    },
  };
}
