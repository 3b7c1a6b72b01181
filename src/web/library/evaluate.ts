import { evaluateOn, type EvaluateRequest } from '../../applications/evaluate/evaluate.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { type GivenData } from './given-data.ts';
import { type GivenModel, modelFiles } from './given-model.ts';
import { webPlatform } from './platform.ts';

/** The options of `gimbal evaluate`, but for those that name files; the model and the images are handed over. */
export type WebEvaluateRequest = Omit<EvaluateRequest, 'model' | 'data' | 'out' | 'baseline' | 'exclude' | 'labels'> & {
  readonly model: GivenModel;
  readonly data: GivenData;
};

/**
 * Measures in a browser how a classifier withstands rotations and translations: what `gimbal evaluate` does, over
 * onnxruntime-web on Web Workers.
 *
 * ```ts
 * import { evaluate } from 'gimbal/web';
 *
 * const shape = { channels: 1, height: 28, width: 28 };
 * const data = { images, labels, shape };
 * const { attacks } = await evaluate({ model: 'model.onnx', data, attacks: ['natural', 'grid'] });
 * ```
 *
 * @throws as `evaluateOn`; misuse `model-unreadable`, `no-files`
 */
export async function evaluate({ model, data, ...options }: WebEvaluateRequest): Promise<EvaluationResult> {
  const files = await modelFiles(model);
  const name = data.name ?? 'images';
  const platform = webPlatform({ models: [files], data: new Map([[name, data]]) });
  return evaluateOn(platform, { ...options, model: files.name, data: name });
}
