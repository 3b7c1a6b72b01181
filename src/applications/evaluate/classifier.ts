import type { Classifier } from '../../model/classifier.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { RunSettings } from '../../options/attack-settings.ts';
import type { Platform } from '../platform.ts';
import type { OpenModel } from './inputs.ts';

/** Starts a run's classifier as its options say. @param signal ends it */
export function startRunClassifier(
  {
    platform,
    model,
    options,
    settings: { warp },
  }: {
    readonly platform: Platform;
    readonly model: OpenModel;
    readonly options: EvaluateOptions;
    readonly settings: Pick<RunSettings, 'warp'>;
  },
  signal?: AbortSignal,
): Promise<Classifier> {
  const { threads, batch, device } = options;
  return platform.models.start(model.prepared, { warp, threads, batch, device, signal });
}
