import { escapeMarkdown } from '../escape-markdown.ts';
import type { StudyReport } from './study-report.ts';
import { notesOf, type Table, tablesOf, type TableCell } from './study-table.ts';

/** The tables of a study, fit for a model card or a comment on a pull request. */
export function renderStudyMarkdown(report: StudyReport): string {
  return [
    `### ${escapeMarkdown(report.title)}`,
    '',
    'Accuracy in percent (95 % Wilson interval; images).',
    '',
    ...tablesOf(report).flatMap(tableText),
    ...notesOf(report).flatMap((note) => [escapeMarkdown(note), '']),
  ].join('\n');
}

function tableText({ title: heading, columns, lines: all }: Table): string[] {
  const cell = (content: TableCell | undefined): string => {
    if (content === undefined) return '–';
    return content.interval === undefined
      ? escapeMarkdown(content.accuracy)
      : `**${content.accuracy}** (${content.interval}; ${content.n})`;
  };
  const lines = all.map(
    ({ title, source, cells }) =>
      `| ${escapeMarkdown(source === undefined ? title : `${title}: ${source}`)} | ${cells.map(cell).join(' | ')} |`,
  );
  return [
    ...(heading === undefined ? [] : [`#### ${escapeMarkdown(heading)}`, '']),
    `| classifier | ${columns.map(escapeMarkdown).join(' | ')} |`,
    `|---|${columns.map(() => '--:').join('|')}|`,
    ...lines,
    '',
  ];
}
