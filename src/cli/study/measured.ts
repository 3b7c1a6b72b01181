import { joinParts, type MeasuredPart, type MeasuredRow, type StudyRow } from '../../studies/study.ts';
import type { PartResult } from './part-result.ts';

/** A measured part, from a run here or from the shipped results. */
export interface Measured {
  readonly row: StudyRow;
  readonly part: MeasuredPart;
  readonly result: PartResult;
  /** Folder of the run; `undefined` for shipped results. */
  readonly folder?: string;
}

/** A row of the table once or twice, and what stands in it. */
export interface JoinedRow {
  readonly lines: readonly MeasuredRow[];
  readonly measured: readonly Measured[];
}

/**
 * Joins what is known of a row. Shipped results and runs here stand in lines of their own, unless they are of the very
 * same model on the same data and contradict each other in no part: they then make one line. A part that is in both is
 * told by the run here, which has a report.
 */
export function joinRow(row: StudyRow, shipped: readonly Measured[], here: readonly Measured[]): JoinedRow {
  const [theirs, ours] = [shipped, here].map((all) => all.filter((one) => one.row === row));
  const same =
    new Set(
      [...theirs, ...ours].map(({ result: { model, data, box } }) =>
        JSON.stringify([model.sha256, data.fingerprint, box]),
      ),
    ).size === 1;
  const added = theirs.filter((one) => !ours.some((other) => sameFigures(one, other)));
  if (same && !added.some((one) => ours.some(({ part }) => part === one.part))) {
    const measured = [...added, ...ours];
    const origin = added.length === 0 ? {} : ({ shipped: ours.length === 0 ? true : 'partly' } as const);
    return { lines: lineOf(row, measured, origin), measured };
  }
  return { lines: [...lineOf(row, theirs, { shipped: true }), ...lineOf(row, ours)], measured: [...theirs, ...ours] };
}

function sameFigures(one: Measured, other: Measured): boolean {
  return one.part === other.part && JSON.stringify(one.result.attacks) === JSON.stringify(other.result.attacks);
}

/** A row's line, or nothing where none of its parts was measured. */
function lineOf(
  row: StudyRow,
  measured: readonly Measured[],
  origin: Pick<MeasuredRow, 'shipped'> = {},
): MeasuredRow[] {
  const line = joinParts(
    row,
    measured.map(({ result }) => result.attacks),
  );
  return line.cells.size > 0 ? [{ ...line, ...origin }] : [];
}
