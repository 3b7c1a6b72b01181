import type { StudyReport } from '../../report/study/study-report.ts';
import { hasSecondHand, SECOND_HAND_NOTE, tableLines, type TableCell } from '../../report/study/study-table.ts';
import { textTable } from '../table.ts';

/** The table in text: accuracies in percent, below each its 95 % interval and the number of images. */
export function studyTable(report: StudyReport): string {
  const lines = tableLines(report);
  const cells = (of: readonly (TableCell | undefined)[], show: (cell: TableCell) => string): string[] => of.map((cell) => (cell === undefined ? '' : show(cell)));
  const rows = lines.flatMap(({ title, source, cells: line }) => [
    [title, ...line.map((cell) => cell?.accuracy ?? '–')],
    source === undefined ? ['', ...cells(line, ({ interval }) => interval?.replaceAll(' ', '') ?? '')] : [`  ${source}`, ...cells(line, () => '')],
    ...(source === undefined ? [['', ...cells(line, ({ n }) => `n=${n}`)]] : []),
  ]);
  const table = textTable(['accuracy %', ...report.columns], rows);
  return hasSecondHand(report) ? `${table}\n${SECOND_HAND_NOTE}` : table;
}
