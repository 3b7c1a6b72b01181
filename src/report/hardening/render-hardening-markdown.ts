import { changeRows, verdict, type HardeningReport } from './hardening-report.ts';
import { formatChange, formatChangeInterval, formatPoints } from '../../notation/numbers.ts';

/** The report of a hardening as Markdown, short enough for a pull request. */
export function renderHardeningMarkdown(report: HardeningReport): string {
  const { model, data, test, command } = report;
  const rows = changeRows(report).map(
    ({ attack, before, after, change }) =>
      `| ${attack} | ${formatPoints(before.accuracy)} | ${formatPoints(after.accuracy)} | ` +
      `${formatChange(change.difference, 1)} (${formatChangeInterval(change.interval, 1)}) | ` +
      `${change.onlyB} | ${change.onlyA} |`,
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
