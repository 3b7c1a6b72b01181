import type { PreparedModel } from '../../model/prepared-model.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { HardenOptions } from '../../options/harden-options.ts';

/** How a model is fed, said in full: the hardened file may lie beside another sidecar file than the original. */
export function feedingOf({ hints, preprocessing }: PreparedModel, options: HardenOptions): Partial<EvaluateOptions> {
  const { layout, size, output, labelOffset, resize, crop } = hints;
  return {
    layout: options.layout ?? layout,
    size: options.size ?? size,
    output: options.output ?? output,
    labelOffset: options.labelOffset ?? labelOffset,
    resize: options.resize ?? resize,
    crop: options.crop ?? crop?.height,
    ...preprocessing,
  } as Partial<EvaluateOptions>;
}

/** What must be said of the model that its file does not say. */
export function sidecarOf({ hints }: PreparedModel): Record<string, unknown> {
  const { layout, size, output, labelOffset, scale, mean, std, perImageStandardization, bgr, resize, crop } = hints;
  const side = (of: { readonly height: number; readonly width: number } | undefined): string | undefined =>
    of && `${of.height}x${of.width}`;
  return Object.fromEntries(
    Object.entries({
      layout,
      size: side(size),
      output,
      'label-offset': labelOffset,
      scale,
      mean,
      std,
      'per-image-standardization': perImageStandardization,
      bgr,
      resize,
      crop: side(crop),
    }).filter(([, value]) => value !== undefined),
  );
}
