import { className } from './words.ts';
import type { Failure } from './failures.ts';

const COLUMNS = [
  'index',
  'file',
  'label',
  'class',
  'predicted',
  'predicted_class',
  'attack',
  'tx',
  'ty',
  'angle',
  'size',
  'smallest',
  'loss',
] as const;

/** `failures.csv`: a line for each image that the model gets wrong, in the order of `findFailures`. */
export function renderFailuresCsv(failures: readonly Failure[], classNames: readonly string[] | undefined): string {
  const named = (label: number): string => (classNames === undefined ? '' : className(label, classNames));
  const rows = failures.map(({ index, file, label, predicted, attack, transformation, size, smallest, loss }) => [
    index,
    file ?? '',
    label,
    named(label),
    predicted,
    named(predicted),
    attack,
    ...[transformation.tx, transformation.ty, transformation.angle].map(shortened),
    size === undefined ? '' : shortened(size),
    smallest ? 'yes' : 'no',
    loss,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Six decimals: a millionth of a pixel or of a degree. */
function shortened(value: number): number {
  return Number(value.toFixed(6));
}

/** As RFC 4180 has it. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
