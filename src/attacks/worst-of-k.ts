import { randomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import type { Attack } from './attack.ts';
import { searchCandidates } from './candidates.ts';
import { DRAW_STREAM } from './random.ts';

/**
 * k independent uniform draws from the box for each image; right only if right on all. The identity is not one of them.
 */
export function worstOfKAttack(name: string, box: Box, k: number, seed: number, exhaustive: boolean): Attack {
  const stream = randomStream(seed, DRAW_STREAM);
  return {
    name,
    needsGradients: false,
    search: (target) =>
      searchCandidates(
        target,
        { length: k, transformation: (draw) => drawTransformation(box, stream, target.index, draw) },
        { exhaustive },
      ),
  };
}
