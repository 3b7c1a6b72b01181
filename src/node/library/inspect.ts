import { inspectOn, type InspectedModel, type InspectRequest } from '../../applications/inspect/inspect-model.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Shows what an ONNX file holds, how it would be fed, and whether it can be differentiated: what `gimbal inspect` does,
 * in a program.
 *
 * ```ts
 * const { search } = await inspect({ model: 'model.onnx', data: 'photos/' });
 * search?.found[0].options; // of `evaluate`, under which it is right most often: { mean: '.485,.456,.406', … }
 * ```
 *
 * @throws as `inspectOn`
 */
export function inspect(request: InspectRequest): Promise<InspectedModel> {
  return inspectOn(nodePlatform, request);
}
