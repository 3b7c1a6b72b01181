import type { AttackSettings } from '../attacks/create-attack.ts';
import type { ImageShape } from '../image/image.ts';
import type { Vote } from '../evaluation/answer.ts';
import { createBox } from '../sets/box.ts';
import type { EvaluateOptions } from './evaluate-options.ts';

/** Steps where none are given: those of the definitions. */
const FIRST_ORDER_STEPS = 200;
const PIXEL_STEPS = 5;

/**
 * What the options decide about attacks on images of a shape.
 * @throws misuse for limits that do not fit the images
 */
export function attackSettings(options: EvaluateOptions, shape: ImageShape): AttackSettings {
  const { steps, restarts, randomStart, gradient, epsilon, step } = options;
  return {
    box: createBox(shape, options.rotation, options.translation),
    grid: options.grid,
    draws: options.draws,
    seed: options.seed,
    // A vote's first wrong answer may be luck: the adversary does better to choose among all.
    exhaustive: options.exhaustive || options.vote !== undefined,
    keepLosses: options.exhaustive,
    firstOrder: {
      steps: steps ?? FIRST_ORDER_STEPS,
      stepSize: options.stepSize,
      form: options.gradientForm,
      restarts,
      gradient,
    },
    pixel: { steps: steps ?? PIXEL_STEPS, restarts, randomStart, epsilon, step },
    combinedWith: options.combinedWith,
  };
}

/**
 * The majority vote that the options ask for, on images of a shape.
 * @throws misuse for limits that do not fit the images
 */
export function voteSettings(options: EvaluateOptions, shape: ImageShape): Vote | undefined {
  const { vote, seed, rotation, translation, voteRotation = rotation, voteTranslation = translation } = options;
  return vote === undefined ? undefined : { draws: vote, box: createBox(shape, voteRotation, voteTranslation), seed };
}
