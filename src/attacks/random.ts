import { randomStream } from '../random/stream.ts';
import { whole } from '../settings/numbers.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import { classify, type Attack } from './attack.ts';
import { defineAttack } from './definition.ts';
import { ATTACKS_GROUP } from './shared-settings.ts';
import { MANY, ONE } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';

/** Name of the stream that `random` and `worst-of-k` share: the first draws of one are those of the other. */
export const DRAW_STREAM = 'draw';

/** Draws that are asked together: memory does not grow with their number. */
const AT_ONCE = 64;

/** Uniform draws from the box. Accuracy is the mean over the draws; a single one by default. */
export const RANDOM = defineAttack({
  name: 'random',
  hasForms: true,
  takesRadius: false,
  settings: {
    draws: {
      schema: whole({ from: 1, to: 100_000 }),
      facts: {
        group: ATTACKS_GROUP,
        value: 'N',
        help: 'Draws for each image of the attack random; its accuracy is the mean.',
      },
      default: 1,
    },
  },
  documentation: {
    tries: 'one uniform draw from the box (`--draws N`: several)',
    rightWhen: 'right on it (the mean over draws)',
  },
  create: ({ name, subset, box, seed, settings: { draws } }) => ({
    name,
    changes: 'view',
    subset,
    words: {
      tries: draws === 1 ? `one random ${ONE[subset]}` : `random ${MANY[subset]}, mean over ${draws} draws`,
      under: (range) => `under random ${range}`,
    },
    needsGradients: false,
    search: searchDraws(box, draws, seed),
  }),
});

function searchDraws(box: Box, draws: number, seed: number): Attack['search'] {
  const stream = randomStream(seed, DRAW_STREAM);
  return function* (target) {
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
  };
}
