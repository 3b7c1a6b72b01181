import type { StudyReport } from '../../report/study/study-report.ts';
import { notesOf, type Table, tablesOf, type TableCell } from '../../report/study/study-table.ts';
import { textTable } from '../table.ts';
import { largestOf } from '../../statistics/extremes.ts';

/**
 * The tables in text: accuracies in percent, below each its 95 % interval and the number of images.
 * @param width in characters: a wider table is cut into several, of some columns each
 */
export function studyTable(report: Pick<StudyReport, 'columns' | 'further' | 'rows'>, width = Infinity): string {
  const tables = tablesOf(report).flatMap((table) =>
    fitting(table, width).map((text, i) => (table.title === undefined || i > 0 ? text : `${table.title}\n\n${text}`)),
  );
  return [tables.join('\n\n'), ...notesOf(report)].join('\n');
}

/** The table, or the fewest tables of neighbouring columns that fit. */
function fitting(table: Table, width: number): string[] {
  const texts: string[] = [];
  for (let start = 0; start < table.columns.length;) {
    let end = table.columns.length;
    while (end > start + 1 && widthOf(tableText(table, start, end)) > width) end--;
    texts.push(tableText(table, start, end));
    start = end;
  }
  return texts;
}

function widthOf(text: string): number {
  return largestOf(text.split('\n').map((line) => line.length));
}

function tableText({ columns, lines }: Table, start: number, end: number): string {
  const cells = (of: readonly (TableCell | undefined)[], show: (cell: TableCell) => string | undefined): string[] =>
    of.map((cell) => (cell === undefined ? '' : (show(cell) ?? '')));
  const rows = lines.flatMap(({ title, source, cells: all }) => {
    const line = all.slice(start, end);
    const measured = all.some((cell) => cell?.n !== undefined);
    return [
      [title, ...line.map((cell) => cell?.accuracy ?? '–')],
      [source === undefined ? '' : `  ${source}`, ...cells(line, ({ interval }) => interval?.replaceAll(' ', ''))],
      ...(measured ? [['', ...cells(line, ({ n }) => `n=${n}`)]] : []),
    ];
  });
  return textTable(['accuracy %', ...columns.slice(start, end)], rows);
}
