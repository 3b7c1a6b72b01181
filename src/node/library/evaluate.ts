import { evaluateOn, type EvaluateRequest } from '../../applications/evaluate/evaluate.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Measures how a classifier withstands rotations and translations: what `gimbal evaluate` does, in a program.
 *
 * ```ts
 * const { attacks } = await evaluate({ model: 'model.onnx', data: 'photos/', attacks: ['natural', 'grid'] });
 * attacks.grid.accuracy; // in [0, 1], with its 95 % interval in attacks.grid.interval
 * ```
 *
 * Everything stays in memory unless `out` names a folder. That folder is then the same as the command line's: it holds
 * what was found for each image and the reports (docs/run-folder.md), and the same call goes on where it was stopped.
 *
 * @throws GimbalError of kind `misuse` for options, models or data that are at fault, with a stable `issue.code`;
 *   of kind `failure` where a run could not be carried through
 */
export function evaluate(request: EvaluateRequest): Promise<EvaluationResult> {
  return evaluateOn(nodePlatform, request);
}
