import type { Model } from '../onnx/graph.ts';
import type { ModelDescription, ModelOverrides } from './description.ts';
import { describeInput } from './describe-input.ts';
import { describeOutput } from './describe-output.ts';

/**
 * Reads from a model's graph how it takes images and gives scores.
 *
 * @param overrides what the user says where the file leaves something open
 * @throws misuse where the model is no image classifier (code `not-a-classifier`, `wrong-rank`,
 *   `unsupported-input-type`, …),
 * and with the flag that answers it where the file leaves something open (`layout-unknown`, `size-unknown`,
 * `output-unknown`)
 */
export function describeModel(model: Model, overrides: ModelOverrides = {}): ModelDescription {
  const input = describeInput(model.graph, overrides);
  return { input, output: describeOutput(model.graph, input.batch, overrides) };
}
