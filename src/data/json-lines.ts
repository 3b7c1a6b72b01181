import { misuse } from '../errors/error.ts';

/** A table: the names of its columns, and its rows with the line that each stands on. */
export interface TextTable {
  readonly header: readonly string[];
  /** What `line` counts: lines of a text from 1, rows of a table without lines from 0. */
  readonly unit: 'line' | 'row';
  /** Names of the classes that the numbers in a column stand for, where the table says them. */
  readonly classNames?: ReadonlyMap<string, readonly string[]>;
  readonly records: readonly { readonly cells: readonly string[]; readonly line: number }[];
}

/**
 * Reads JSON lines, an object on each, as a table whose columns are the keys in the order in which they are first met.
 * A value that is no text and no number is an empty cell.
 * @param subject the file, for messages
 * @throws misuse `malformed-manifest` with the line
 */
export function readJsonLines(text: string, subject: string): TextTable {
  const objects: { readonly value: Readonly<Record<string, unknown>>; readonly line: number }[] = [];
  for (const [at, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    objects.push({ value: parseObject(raw, `${subject}, line ${at + 1}`), line: at + 1 });
  }
  const header = [...new Set(objects.flatMap(({ value }) => Object.keys(value)))];
  return {
    header,
    unit: 'line',
    records: objects.map(({ value, line }) => ({ cells: header.map((key) => cellOf(value[key])), line })),
  };
}

function parseObject(raw: string, subject: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw misuse({
    code: 'malformed-manifest',
    subject,
    problem: 'is no JSON object.',
    advice: 'Each line should be an object, as {"file_name": "0001.png", "label": 3}.',
  });
}

function cellOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
