import type { AttackSummary } from '../../evaluation/records.ts';
import type { PublishedAccuracy } from '../../studies/study.ts';
import type { StudyReport } from './study-report.ts';

/** One line of the table as text: what was measured here, or what others published. */
export interface TableLine {
  readonly title: string;
  /** Who published it; `undefined` for what was measured here. */
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

/** Each measured row, with what others published of it above. */
export function tableLines({ columns, rows }: Pick<StudyReport, 'columns' | 'rows'>): TableLine[] {
  return rows.flatMap(({ row, cells }) => [
    ...(row.published ?? []).map(({ source, accuracies }) => ({ title: row.title, source, cells: columns.map((name) => publishedCell(accuracies[name])) })),
    { title: row.title, cells: columns.map((name) => measuredCell(cells.get(name))) },
  ]);
}

/** Whether a figure among the lines was not read in the publication itself. */
export function hasSecondHand({ rows }: Pick<StudyReport, 'rows'>): boolean {
  return rows.some(({ row }) => row.published?.some(({ accuracies }) => Object.values(accuracies).some(({ secondHand }) => secondHand === true)));
}

function measuredCell(summary: AttackSummary | undefined): TableCell | undefined {
  if (summary === undefined) return undefined;
  const { accuracy, interval, n } = summary;
  return { accuracy: (100 * accuracy).toFixed(2), interval: interval.map((bound) => (100 * bound).toFixed(2)).join(' – '), n };
}

function publishedCell(figure: PublishedAccuracy | undefined): TableCell | undefined {
  if (figure === undefined) return undefined;
  // 0.9931 · 100 is 99.31000000000001 in binary.
  return { accuracy: `${Number((100 * figure.value).toFixed(4))}${figure.secondHand === true ? '*' : ''}` };
}

export const SECOND_HAND_NOTE = '* not read in the paper itself';
