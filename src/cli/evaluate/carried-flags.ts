import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { optionName } from '../../settings/option.ts';

/** What says how the model is fed; other commands take it under the same names. */
export const FEEDING = ['scale', 'mean', 'std', 'perImageStandardization', 'bgr', 'labelOffset'] as const;
/** What says how model and images are read. */
export const READING = [
  'layout',
  'size',
  'output',
  'classNames',
  'firstLabel',
  'resize',
  'crop',
  'colour',
  'exif',
  'exclude',
] as const;

/** Flags of an evaluation, to be given to another command; those that are as by default are left out. */
export function carriedFlags(options: EvaluateOptions, names: readonly (keyof EvaluateOptions)[]): string[] {
  return names.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === false || value === 'keep') return [];
    return value === true ? [`--${optionName(name)}`] : [`--${optionName(name)}`, inFlag(value)];
  });
}

function inFlag(value: unknown): string {
  if (Array.isArray(value)) return value.join();
  if (typeof value !== 'object' || value === null) return String(value);
  const { channels, height, width } = value as { channels?: number; height: number; width: number };
  return [...(channels === undefined ? [] : [channels]), height, width].join('x');
}
