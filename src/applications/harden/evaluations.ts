import type { ImageShape } from '../../image/image.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import type { HardenOptions } from '../../options/harden-options.ts';

/** Sides from which on images are large: an evaluation of as many would take longer than the training. */
const LARGE = 100;

/** Images that a hardening is measured on where nobody says how many. */
export function imagesToMeasure({ height, width }: ImageShape): number {
  return Math.max(height, width) < LARGE ? 300 : 100;
}

/** The options of `gimbal evaluate` that the evaluations of a hardening have in common. */
export function evaluationOptions(options: HardenOptions): EvaluateOptions {
  const { keep: _keep, set: _set, test: _test, labels, json: _json, out: _out, ...shared } = options;
  return {
    ...evaluateSchema.parse({ model: options.model, data: options.data }),
    ...shared,
    labels: labels === 'none' ? undefined : labels,
    spread: true,
    quiet: true,
  };
}
