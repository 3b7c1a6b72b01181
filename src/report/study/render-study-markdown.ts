import { escapeMarkdown } from '../render-markdown.ts';
import type { StudyReport } from './study-report.ts';
import { hasSecondHand, SECOND_HAND_NOTE, tableLines, type TableCell } from './study-table.ts';

/** The table of a study, fit for a model card or a comment on a pull request. */
export function renderStudyMarkdown(report: StudyReport): string {
  const cell = (content: TableCell | undefined): string => {
    if (content === undefined) return '–';
    return content.interval === undefined ? escapeMarkdown(content.accuracy) : `**${content.accuracy}** (${content.interval}; ${content.n})`;
  };
  const lines = tableLines(report).map(({ title, source, cells }) =>
    `| ${escapeMarkdown(source === undefined ? title : `${title}: ${source}`)} | ${cells.map(cell).join(' | ')} |`);
  return [
    `### ${escapeMarkdown(report.title)}`,
    '',
    'Accuracy in percent (95 % Wilson interval; images).',
    '',
    `| classifier | ${report.columns.map(escapeMarkdown).join(' | ')} |`,
    `|---|${report.columns.map(() => '--:').join('|')}|`,
    ...lines,
    '',
    ...(hasSecondHand(report) ? [escapeMarkdown(SECOND_HAND_NOTE), ''] : []),
  ].join('\n');
}
