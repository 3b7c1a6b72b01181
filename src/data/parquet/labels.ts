import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { ParquetTable } from './table.ts';

/** Rows that are read together. */
const TOGETHER = 100_000;

/**
 * The labels of a table: whole numbers from 0 up, or names.
 * @param names of the classes, where the table says them
 * @throws misuse `label-out-of-range`, `malformed-label` that name the row
 */
export async function readLabels(
  table: ParquetTable,
  column: string,
  names: readonly string[] | undefined,
): Promise<(number | string)[]> {
  const labels: (number | string)[] = [];
  for (let from = 0; from < table.rows; from += TOGETHER) {
    const values = await table.read(column, from, Math.min(table.rows, from + TOGETHER));
    for (const [at, value] of values.entries())
      labels.push(labelOf(value, `${table.name}, row ${from + at}`, column, names));
  }
  return labels;
}

function labelOf(value: unknown, place: string, column: string, names: readonly string[] | undefined): number | string {
  if (typeof value === 'string' && names === undefined && value.trim() !== '') return value.trim();
  const label = typeof value === 'bigint' ? Number(value) : value;
  if (typeof label !== 'number') {
    throw misuse({
      code: 'malformed-label',
      subject: place,
      problem: `has no label in its column ${column}.`,
      advice: 'Correct it, or leave the row out.',
    });
  }
  const most = names === undefined ? Number.MAX_SAFE_INTEGER : names.length - 1;
  if (Number.isInteger(label) && label >= 0 && label <= most) return label;
  throw outOfRange(place, label, ` in its column ${column}`, names);
}

/** Of a label that is no number of a class. */
export function outOfRange(place: string, label: number, where: string, names: readonly string[] | undefined): Error {
  const allowed = names === undefined ? 'whole numbers from 0 up' : `whole numbers from 0 to ${names.length - 1}`;
  return misuse({
    code: 'label-out-of-range',
    subject: place,
    problem: `has label ${label}${where}; labels are ${allowed}.`,
    advice:
      label === -1
        ? `Labels of −1 mean that this split is not labelled: ask for another ${optionWords('split')}.`
        : undefined,
  });
}
