import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { type ModelInput, takesBytes } from './description.ts';

/** Range that raw pixels in [0, 1] are brought to first. */
export const SCALES = ['0,1', '0,255', '-1,1'] as const;
/** One of `SCALES`: the range of the pixels that a model takes, before mean and deviation. */
export type Scale = (typeof SCALES)[number];

/**
 * What lies between the transformed raw image and the model's input, in this order: channel order, scale,
 * then either mean and deviation or standardisation of each image alone.
 */
export interface Preprocessing {
  readonly scale: Scale;
  /** Subtracted after the scale: one number, or one for each channel in the model's order. */
  readonly mean: readonly number[];
  /** Divided by after the mean: one number, or one for each channel in the model's order. */
  readonly std: readonly number[];
  /** (x − mean(x)) / max(std(x), 1/√N) over the N values of each image, as TensorFlow's `per_image_standardization`. */
  readonly perImageStandardization: boolean;
  /** The model takes blue, green, red. */
  readonly bgr: boolean;
}

/** Raw pixels as they are, [0, 255] for models that take bytes. */
export function defaultPreprocessing(input: ModelInput): Preprocessing {
  return {
    scale: takesBytes(input) ? '0,255' : '0,1',
    mean: [0],
    std: [1],
    perImageStandardization: false,
    bgr: false,
  };
}

/** @throws misuse where the preprocessing does not fit the model's input */
export function checkPreprocessing(p: Preprocessing, input: ModelInput): void {
  const { channels } = input.shape;
  for (const [option, values] of [
    ['mean', p.mean],
    ['std', p.std],
  ] as const) {
    if (values.length !== 1 && values.length !== channels) {
      throw misuse({
        code: 'preprocessing',
        subject: optionWords(option),
        problem: `has ${values.length} values, but the model takes ${channels} channel${channels === 1 ? '' : 's'}.`,
        advice: `Give one value, or ${channels} separated by commas.`,
      });
    }
    if (!values.every(Number.isFinite)) {
      throw misuse({
        code: 'preprocessing',
        subject: optionWords(option),
        problem: `has a value that is no finite number (${values.join()}).`,
        advice: 'Give numbers separated by commas.',
      });
    }
  }
  const [least, most] = p.scale.split(',').map(Number);
  const outside = p.mean.find((v) => v !== 0 && (v < least || v > most));
  if (outside !== undefined) {
    throw misuse({
      code: 'preprocessing',
      subject: optionWords('mean'),
      problem:
        `holds ${outside}, but scaled pixels lie in [${least}, ${most}] (${optionWords('scale')}), and so do ` +
        'their means.',
      advice:
        most === 1 && p.mean.every((v) => v >= 0 && v <= 255)
          ? `Are levels of 255 meant? Then give ${optionWords('scale', '0,255')}, or ` +
            `${optionWords('mean', p.mean.map((v) => round(v / 255)).join())}.`
          : `Give the means of the pixels as they are after ${optionWords('scale')}.`,
    });
  }
  if (p.std.some((v) => v <= 0)) {
    throw misuse({
      code: 'preprocessing',
      subject: optionWords('std'),
      problem: `is ${p.std.join()}; deviations must be above 0.`,
      advice: 'They are divided by.',
    });
  }
  const hasStatistics = p.mean.some((v) => v !== 0) || p.std.some((v) => v !== 1);
  if (p.perImageStandardization && hasStatistics) {
    throw misuse({
      code: 'preprocessing',
      subject: optionWords('per-image-standardization'),
      problem: `cannot be combined with ${optionWords('mean')} and ${optionWords('std')}.`,
      advice:
        `It computes mean and deviation from each image: leave ${optionWords('mean')} and ` +
        `${optionWords('std')} out.`,
    });
  }
  if (takesBytes(input) && (hasStatistics || p.perImageStandardization || p.scale !== '0,255')) {
    throw misuse({
      code: 'preprocessing',
      subject: 'preprocessing',
      problem:
        `a model with ${input.type} input takes raw bytes: only ${optionWords('scale', '0,255')} without ` +
        `${optionWords('mean')}, ${optionWords('std')} and ${optionWords('per-image-standardization')} fits it.`,
      advice: 'Leave these options out.',
    });
  }
  if (p.bgr && channels !== 3) {
    throw misuse({
      code: 'preprocessing',
      subject: optionWords('bgr'),
      problem: `needs 3 channels, but the model takes ${channels}.`,
      advice: 'Leave it out.',
    });
  }
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
