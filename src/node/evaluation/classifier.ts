import type { Classifier } from '../../model/classifier.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { startClassifier } from '../runtime/start.ts';
import type { OpenModel } from './inputs.ts';

/** Starts a run's classifier as its options say. @param signal ends it */
export function startRunClassifier(
  { model, options }: { readonly model: OpenModel; readonly options: EvaluateOptions },
  signal?: AbortSignal,
): Promise<Classifier> {
  const { padding, convention, threads, batch, device } = options;
  return startClassifier(model.prepared, { warp: { padding, convention }, threads, batch, device, signal });
}
