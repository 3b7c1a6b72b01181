import { formatChange, formatPoints } from '../../figures/format.ts';
import { intervalInPoints } from '../changes/changes-table.ts';
import { changeRows, verdict, type HardeningReport } from './hardening-report.ts';

/** The report of a hardening as Markdown, short enough for a pull request. */
export function renderHardeningMarkdown(report: HardeningReport): string {
  const { model, data, test, command } = report;
  const rows = changeRows(report).map(
    ({ attack, before, after, change }) =>
      `| ${attack} | ${formatPoints(before.accuracy)} | ${formatPoints(after.accuracy)} | ` +
      `${formatChange(change.difference, 1)} (${intervalInPoints(change)}) | ${change.onlyB} | ${change.onlyA} |`,
  );
  return `${[
    `## ${model.name}, hardened on ${data.name}`,
    '',
    `${verdict(report)} Measured on ${test.n} images of ${test.name}.`,
    '',
    '| attack | before % | after % | change, points (95 % interval) | won | lost |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    '```',
    command,
    '```',
  ].join('\n')}\n`;
}
