import { join } from 'node:path';
import { visible } from '../../errors/visible.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import { count, duration } from '../format.ts';
import { resultTable } from '../table.ts';

/** The table, what it took, what to beware of, and where the report lies. */
export function printResult(
  { folder, options }: KeptRun,
  result: EvaluationResult,
  write: (text: string) => void,
): void {
  const {
    evaluations: { made, exhaustive },
    data,
    model,
    n,
    skipped,
    seconds,
    warnings,
  } = result;
  const mirror = options.mirror ? ', mirrored' : '';
  const vote = options.vote === undefined ? '' : `, majority vote over ${options.vote}`;
  const left = skipped === 0 ? '' : ` (${skipped} unreadable left out)`;
  const lines = [
    visible(`${model.name}${mirror}${vote} on ${data.name}, ${count(n)} images${left}`),
    '',
    resultTable(result),
    '',
    `${count(made)} evaluations in ${duration(seconds)} (trying everything: ${count(exhaustive)})`,
    ...warnings.map((warning) => `Warning: ${visible(warning)}`),
    `Report: ${visible(join(folder.directory, 'report.html'))}`,
  ];
  write(`${lines.join('\n')}\n`);
}
