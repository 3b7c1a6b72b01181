import { randomStream } from '../random/stream.ts';
import { drawTransformation } from '../sets/draws.ts';
import { searchCandidates } from './candidates.ts';
import { defineAttack } from './definition.ts';
import { DRAW_STREAM } from './random.ts';
import { MANY } from './words.ts';

/**
 * k independent uniform draws from the box for each image; right only if right on all. The identity is not one of them.
 */
export const WORST_OF_K = defineAttack({
  name: 'worst-of-K',
  example: 'worst-of-10',
  hasForms: true,
  takesRadius: false,
  settings: {},
  documentation: { tries: 'K independent draws', rightWhen: 'right on all' },
  create({ name, k = 10, subset, box, seed, exhaustive }) {
    const stream = randomStream(seed, DRAW_STREAM);
    return {
      name,
      changes: 'view',
      subset,
      words: {
        tries: `the worst of ${k} random ${MANY[subset]}`,
        under: (range) => `under the worst of ${k} random draws from ${range}`,
      },
      seeks: 'worst',
      needsGradients: false,
      search: (target) =>
        searchCandidates(
          target,
          { length: k, transformation: (draw) => drawTransformation(box, stream, target.index, draw) },
          { exhaustive },
        ),
    };
  },
});
