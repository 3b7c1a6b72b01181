import { escapeMarkdown } from '../escape-markdown.ts';
import { attacksOf, type RunsReport } from './runs-report.ts';
import {
  formatChange,
  formatChangeInterval,
  formatCount,
  formatInterval,
  formatPoints,
} from '../../notation/numbers.ts';

/** The tables of runs side by side, fit for a comment on a pull request. */
export function renderRunsMarkdown(report: RunsReport): string {
  const { runs, images, data, notes } = report;
  const attacks = attacksOf(report);
  const [first, ...others] = runs;
  const head = (corner: string): string[] => [
    `| ${corner} | ${attacks.map((attack) => `\`${attack}\``).join(' | ')} |`,
    `|---|${attacks.map(() => '--:').join('|')}|`,
  ];
  const row = (name: string, cell: (attack: string) => string | undefined): string =>
    `| ${escapeMarkdown(name)} | ${attacks.map((attack) => cell(attack) ?? '–').join(' | ')} |`;
  return [
    `### ${runs.length} runs on ${escapeMarkdown(data)}, ${formatCount(images)} images`,
    '',
    'Accuracy in percent (95 % Wilson interval) on the images that all runs hold.',
    '',
    ...head('run'),
    ...runs.map(({ name, tally }) =>
      row(name, (attack) => {
        const rate = tally.attacks.get(attack);
        return rate && `**${formatPoints(rate.accuracy)}** (${formatInterval(rate.interval)})`;
      }),
    ),
    '',
    `Change against ${escapeMarkdown(first.name)}, in points (95 % interval of the paired difference).`,
    '',
    ...head('run'),
    ...others.map(({ name, differences }) =>
      row(name, (attack) => {
        const change = differences.get(attack);
        return change && `**${formatChange(change.difference)}** (${formatChangeInterval(change.interval)})`;
      }),
    ),
    '',
    ...notes.flatMap((note) => [escapeMarkdown(note), '']),
  ].join('\n');
}
