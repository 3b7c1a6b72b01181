import type { AttackSummary } from '../../evaluation/records.ts';
import type { AttackAccuracy } from '../../figures/accuracy-by-attack.ts';
import type { MeasuredRow, PublishedAccuracy } from '../../studies/study.ts';
import type { StudyReport } from './study-report.ts';
import { formatInterval, formatPoints } from '../../notation/numbers.ts';

/** What shipped results are called beside those that were measured here. */
export const SHIPPED = 'shipped with Gimbal';

/** Where a measured row comes from, in words; `undefined` for one that was measured here. */
export function originOf({ shipped }: Pick<MeasuredRow, 'shipped'>): string | undefined {
  return shipped && (shipped === 'partly' ? `partly ${SHIPPED}` : SHIPPED);
}

/** What a figure needs of a measured row under one attack; `undefined` where that was not measured. */
export function accuracyOf({ cells }: MeasuredRow, name: string): AttackAccuracy | undefined {
  const summary = cells.get(name);
  return summary && { name, accuracy: summary.accuracy, interval: summary.interval };
}

export interface Table {
  /** The first table has the study's. */
  readonly title?: string;
  readonly columns: readonly string[];
  readonly lines: readonly TableLine[];
}

/** One line of a table as text: what was measured, or what others published. */
export interface TableLine {
  readonly title: string;
  /** Who published it, or that it came with the package; `undefined` for what was measured here. */
  readonly source?: string;
  /** A cell for each column; `undefined` where there is no figure. */
  readonly cells: readonly (TableCell | undefined)[];
}

export interface TableCell {
  /** `91.33`, in percent; published figures keep their own digits, second-hand ones end in `*`. */
  readonly accuracy: string;
  /** `87.60 – 94.02`. */
  readonly interval?: string;
  readonly n?: number;
}

/** The tables of a report: what others published stands in the first alone. */
export function tablesOf({ columns, further = [], rows }: Pick<StudyReport, 'columns' | 'further' | 'rows'>): Table[] {
  const others = further.map(({ title, columns: its }) => {
    const own = its.filter((name) => !columns.includes(name));
    const measured = rows.filter(({ cells }) => own.some((name) => cells.has(name)));
    return { title, columns: its, lines: measured.map((row) => measuredLine(row, its)) };
  });
  return [{ columns, lines: tableLines({ columns, rows }) }, ...others.filter(({ lines }) => lines.length > 0)];
}

/** Each row, as far as it was measured, with what others published of it above. */
export function tableLines({ columns, rows }: Pick<StudyReport, 'columns' | 'rows'>): TableLine[] {
  return rows.flatMap((measured, i) => {
    const { row } = measured;
    const published = rows[i - 1]?.row === row ? [] : (row.published ?? []);
    return [
      ...published.map(({ source, accuracies }) => ({
        title: row.title,
        source,
        cells: columns.map((name) => publishedCell(accuracies[name])),
      })),
      ...(measured.cells.size === 0 ? [] : [measuredLine(measured, columns)]),
    ];
  });
}

function measuredLine(measured: MeasuredRow, columns: readonly string[]): TableLine {
  const { row, cells } = measured;
  const source = originOf(measured);
  return {
    title: row.title,
    ...(source === undefined ? {} : { source }),
    cells: columns.map((name) => measuredCell(cells.get(name))),
  };
}

/**
 * What is to be told below the tables, a sentence each: about figures not read in the publication itself, and about
 * votes.
 */
export function notesOf({ rows }: Pick<StudyReport, 'rows'>): string[] {
  const secondHand = rows.some(({ row }) =>
    row.published?.some(({ accuracies }) => Object.values(accuracies).some((figure) => figure.secondHand === true)),
  );
  const everyQuery = rows.flatMap(({ row, cells }) => {
    const figures = [...cells].flatMap(([name, summary]) =>
      summary.everyQuery === undefined ? [] : [`${name} ${formatPoints(summary.everyQuery.accuracy)}`],
    );
    return figures.length === 0 ? [] : [`${row.title}: ${figures.join(', ')}`];
  });
  return [
    ...(secondHand ? ['* not read in the paper itself'] : []),
    ...(everyQuery.length > 0
      ? [
          'A vote is judged afresh at what the attack chose. Where every query of the search has to be right ' +
            `too: ${everyQuery.join('; ')}.`,
        ]
      : []),
  ];
}

function measuredCell(summary: AttackSummary | undefined): TableCell | undefined {
  if (summary === undefined) return undefined;
  const { accuracy, interval, n } = summary;
  return { accuracy: formatPoints(accuracy), interval: formatInterval(interval), n };
}

function publishedCell(figure: PublishedAccuracy | undefined): TableCell | undefined {
  if (figure === undefined) return undefined;
  // 0.9931 · 100 is 99.31000000000001 in binary.
  return { accuracy: `${Number(formatPoints(figure.value, 4))}${figure.secondHand === true ? '*' : ''}` };
}
