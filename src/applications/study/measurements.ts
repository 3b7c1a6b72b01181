import { joinParts, type StudyPart, type MeasuredRow, type StudyRow } from '../../studies/study.ts';
import type { PartResult } from './part-result.ts';

/** What is known of a part, from a finished run or from saved results. */
export interface Measurement {
  readonly row: StudyRow;
  readonly part: StudyPart;
  readonly result: PartResult;
  /** Folder of the run; `undefined` for saved results. */
  readonly folder?: string;
}

/** A row of the table once or twice, and what stands in it. */
export interface RowState {
  readonly lines: readonly MeasuredRow[];
  readonly measurements: readonly Measurement[];
}

/**
 * What is known of a row. Saved results and finished runs stand in lines of their own, unless they are of the very same
 * model on the same data and contradict each other in no part: they then make one line. A part that is in both is that
 * of the finished run, which has a report.
 */
export function rowState(row: StudyRow, saved: readonly Measurement[], finished: readonly Measurement[]): RowState {
  const [theirs, ours] = [saved, finished].map((all) => all.filter((one) => one.row === row));
  const isSame =
    new Set(
      [...theirs, ...ours].map(({ result: { model, data, box } }) =>
        JSON.stringify([model.sha256, data.fingerprint, box]),
      ),
    ).size === 1;
  const added = theirs.filter((one) => !ours.some((other) => sameFigures(one, other)));
  if (isSame && !added.some((one) => ours.some(({ part }) => part === one.part))) {
    const measurements = [...added, ...ours];
    const origin = added.length === 0 ? {} : ({ shipped: ours.length === 0 ? true : 'partly' } as const);
    return { lines: lineOf(row, measurements, origin), measurements };
  }
  return {
    lines: [...lineOf(row, theirs, { shipped: true }), ...lineOf(row, ours)],
    measurements: [...theirs, ...ours],
  };
}

function sameFigures(one: Measurement, other: Measurement): boolean {
  return one.part === other.part && JSON.stringify(one.result.attacks) === JSON.stringify(other.result.attacks);
}

/** A row's line, or nothing where none of its parts was measured. */
function lineOf(
  row: StudyRow,
  measurements: readonly Measurement[],
  origin: Pick<MeasuredRow, 'shipped'> = {},
): MeasuredRow[] {
  const line = joinParts(
    row,
    measurements.map(({ result }) => result.attacks),
  );
  return line.cells.size > 0 ? [{ ...line, ...origin }] : [];
}
