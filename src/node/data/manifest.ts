import { basename, dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { nameLabelling, numberLabelling } from '../../data/labelling.ts';
import { checkLabels } from '../../data/labels.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { imageFileSource } from './image-file-source.ts';
import type { OpenOptions } from './open-options.ts';
import { readText } from './read-text.ts';

/**
 * Opens a CSV file with the columns `path` (relative to the file) and `label`: class numbers from 0 up, or class names,
 * which are numbered in the order of their names. Other columns are passed over.
 * @throws misuse `malformed-manifest`, `empty-data`, `label-out-of-range`, and what `imageFileSource` throws
 */
export async function openManifest(path: string, options: OpenOptions): Promise<ImageSource> {
  const rows = parseRows(path, await readText(path));
  if (rows.length === 0) throw misuse({ code: 'empty-data', subject: path, problem: 'lists no images.' });
  const blank = rows.findIndex((row) => row.path === '' || row.label === '');
  if (blank >= 0) throw malformed(path, `image ${blank} has no ${rows[blank].path === '' ? 'path' : 'label'}.`);
  const numbered = rows.every(({ label }) => /^[+-]?\d+(\.\d+)?$/.test(label));
  const names = numbered ? undefined : [...new Set(rows.map(({ label }) => label))].sort();
  const labelOf = new Map(names?.map((name, label) => [name, label]));
  const labels = rows.map(({ label }) => labelOf.get(label) ?? Number(label));
  return imageFileSource(
    {
      name: basename(path),
      files: rows.map((row, at) => ({
        path: resolve(dirname(path), row.path),
        name: row.path.replaceAll('\\', '/'),
        label: labels[at],
      })),
      classes: checkLabels(labels, path, names?.length),
      classNames: names,
      labelling: names === undefined ? numberLabelling(labels) : nameLabelling(labels, 'names'),
    },
    options,
  );
}

function parseRows(path: string, text: string): { path: string; label: string }[] {
  let rows: Record<string, string>[];
  let columns: string[] = [];
  try {
    rows = parse(text, {
      columns: (header: string[]) => (columns = header.map((column) => column.trim().toLowerCase())),
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    throw malformed(path, (error as Error).message);
  }
  const missing = ['path', 'label'].filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw malformed(path, `its first line (${columns.join(',') || 'empty'}) names no column ${missing.join(' or ')}.`);
  return rows as { path: string; label: string }[];
}

function malformed(path: string, problem: string): Error {
  return misuse({
    code: 'malformed-manifest',
    subject: path,
    problem,
    advice: 'The first line should be "path,label", each other line a path and its class.',
  });
}
