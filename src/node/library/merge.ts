import { mergeOn, type MergeHooks, type MergeRequest } from '../../applications/merge/merge.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { nodePlatform } from '../platform.ts';

/**
 * Makes one run folder of the shards of an evaluation: what `gimbal merge` does, in a program.
 *
 * ```ts
 * const { attacks } = await merge({ folders: ['runs/shards'], out: 'runs/whole' });
 * ```
 *
 * @throws as `mergeOn`
 */
export function merge({ signal, onEvent, ...request }: MergeRequest & MergeHooks): Promise<EvaluationResult> {
  return mergeOn(nodePlatform, request, { signal, onEvent }, async (_run, result) => result);
}
