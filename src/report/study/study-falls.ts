import { fallsCompared } from '../../figures/falls-compared.ts';
import type { FigureDocument } from '../../figures/document.ts';
import type { MeasuredRow } from '../../studies/study.ts';
import { accuracyOf } from './study-table.ts';
import type { StudyReport } from './study-report.ts';

/** Attacks that each try all that the one before does, or as good as. */
const STAGES = ['natural', 'worst-of-10', 'grid'];
/** Classifiers up to which bars show more. */
export const FEW = 4;

/**
 * How far each of many classifiers falls, beside what was published; `undefined` where there are few or the grid was
 * not tried.
 * @param options whether it is for a file of its own: see `Frame`
 */
export function studyFalls(
  { rows, columns }: Pick<StudyReport, 'rows' | 'columns'>,
  document: FigureDocument,
  options: { readonly standalone?: boolean } = {},
): string | undefined {
  const stages = STAGES.filter((name) => columns.includes(name) && rows.some(({ cells }) => cells.has(name)));
  const last = STAGES[STAGES.length - 1];
  if (rows.length <= FEW || stages.length < 2 || !stages.includes(last)) return undefined;
  // Where all come with the package, to say so of each would only take room.
  const mixed = rows.some(({ shipped }) => shipped !== rows[0].shipped);
  return fallsCompared(
    document,
    stages,
    rows.map((measured, i) => ({
      name: mixed ? shortName(measured) : measured.row.title,
      attacks: stages.flatMap((name) => accuracyOf(measured, name) ?? []),
      published:
        rows[i - 1]?.row === measured.row
          ? []
          : (measured.row.published ?? []).flatMap(({ accuracies }) => accuracies[last]?.value ?? []),
    })),
    options,
  );
}

/** A figure has less room than a table for where a row comes from. */
function shortName({ row, shipped }: MeasuredRow): string {
  if (shipped === undefined) return row.title;
  return `${row.title}, ${shipped === 'partly' ? 'partly shipped' : 'shipped'}`;
}
