import { differenceOn, type DifferenceRequest } from '../../applications/difference/difference-on.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { nodePlatform } from '../platform.ts';

/**
 * By how much two runs differ on the images that both hold: what `gimbal difference` does, in a program.
 *
 * ```ts
 * const { attacks } = await difference({ a: 'runs/before', b: 'runs/after' });
 * attacks.grid.difference; // accuracy in b less that in a, with its 95 % interval in attacks.grid.interval
 * ```
 *
 * @throws as `differenceOn`
 */
export function difference(request: DifferenceRequest): Promise<RunDifference> {
  return differenceOn(nodePlatform, request);
}
