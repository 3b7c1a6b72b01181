import type { Classifier } from '../../model/classifier.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { Platform } from '../platform.ts';
import type { OpenModel } from './inputs.ts';

/** Starts a run's classifier as its options say. @param signal ends it */
export function startRunClassifier(
  {
    platform,
    model,
    options,
  }: { readonly platform: Platform; readonly model: OpenModel; readonly options: EvaluateOptions },
  signal?: AbortSignal,
): Promise<Classifier> {
  const { padding, convention, threads, batch, device } = options;
  return platform.models.start(model.prepared, { warp: { padding, convention }, threads, batch, device, signal });
}
