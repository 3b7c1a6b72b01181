import { reproduceOn, type ReproduceRequest } from '../../applications/study/reproduce.ts';
import type { StudyOutcome } from '../../applications/study/run-study.ts';
import { nodePlatform } from '../platform.ts';
import { SAVED_RESULTS } from '../saved-results.ts';

/**
 * One of the paper's tables, what was published beside what is measured here: what `gimbal reproduce` does, in a
 * program.
 *
 * ```ts
 * const outcome = await reproduce({ table: 'mnist', saved: true });
 * if (outcome.kind === 'told') for (const { row, cells } of outcome.state.report.rows) console.log(row.title, cells);
 * ```
 *
 * @throws as `reproduceOn`
 */
export function reproduce(request: ReproduceRequest): Promise<StudyOutcome> {
  return reproduceOn(nodePlatform, request, SAVED_RESULTS);
}
