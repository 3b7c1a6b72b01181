import { type Hardened, hardenOn, type HardenRequest } from '../../applications/harden/request.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Hardens a classifier that you have: what `gimbal harden` does, in a program.
 *
 * ```ts
 * const { folder, before, after } = await harden({ model: 'model.onnx', data: 'photos/', out: 'runs/hardened' });
 * after.grid.accuracy - before.grid.accuracy; // and the same model with other weights is folder/model.onnx
 * ```
 *
 * @throws as `hardenOn`
 */
export function harden(request: HardenRequest): Promise<Hardened> {
  return hardenOn(nodePlatform, request);
}
