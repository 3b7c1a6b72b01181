import { compareOn, type Comparison, type CompareRequest } from '../../applications/compare/compare.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Sets two models or any number of runs side by side: what `gimbal compare` does, in a program.
 *
 * ```ts
 * const compared = await compare({ compared: ['runs/before', 'runs/after'], out: 'side-by-side' });
 * if (compared.kind === 'runs') console.log(compared.report.runs[1].differences.get('grid')?.difference);
 * ```
 *
 * @throws as `compareOn`
 */
export function compare(request: CompareRequest): Promise<Comparison> {
  return compareOn(nodePlatform, request);
}
