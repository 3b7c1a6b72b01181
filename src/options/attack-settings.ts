import type { AttackSettings } from '../attacks/create-attack.ts';
import type { CommonSettings } from '../attacks/definition.ts';
import { SETTING_NAMES, type GivenSettings } from '../attacks/registry.ts';
import type { ImageShape } from '../image/image.ts';
import type { Vote } from '../evaluation/answer.ts';
import { createBox } from '../sets/box.ts';
import type { WarpSettings } from '../transform/warp.ts';
import type { EvaluateOptions } from './evaluate-options.ts';

/** What decides the attacks of a run. */
export type RunSettings = AttackSettings & CommonSettings;

/** How the options say that images are transformed. */
export function warpSettings({
  padding,
  convention,
  interpolation,
  mask,
}: Pick<EvaluateOptions, 'padding' | 'convention' | 'interpolation' | 'mask'>): WarpSettings {
  return { padding, convention, interpolation, mask };
}

/**
 * What the options decide about attacks on images of a shape.
 * @throws misuse for limits that do not fit the images
 */
export function attackSettings(options: EvaluateOptions, shape: ImageShape): RunSettings {
  const given: GivenSettings = Object.fromEntries(SETTING_NAMES.map((name) => [name, options[name]]));
  return {
    ...given,
    box: createBox(shape, options.rotation, options.translation),
    warp: warpSettings(options),
    seed: options.seed,
    // A vote's first wrong answer may be luck: the adversary does better to choose among all.
    exhaustive: options.exhaustive || options.vote !== undefined,
    keepLosses: options.exhaustive,
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
