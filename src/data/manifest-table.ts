import { parse } from 'csv-parse/sync';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { readJsonLines, type TextTable } from './json-lines.ts';
import { SPLITS } from './splits.ts';

/** A line that lists an image. */
export interface ManifestRow {
  readonly path: string;
  readonly label: string;
  /** Line of the file, from 1, the last one of a row that is quoted over several; or row of a table, from 0. */
  readonly line: number;
  /** Whether it is of the split asked for. */
  readonly wanted: boolean;
}

/** Names of columns in order of preference, as people and tools write them; case, spaces and hyphens do not count. */
const PATH = [
  'path',
  'file_path',
  'filepath',
  'image_path',
  'img_path',
  'filename',
  'file_name',
  'image_name',
  'file',
  'image',
  'img',
];
const LABEL = [
  'label',
  'labels',
  'class',
  'class_name',
  'classname',
  'target',
  'category',
  'class_id',
  'classid',
  'class_idx',
  'class_index',
  'label_id',
  'category_id',
  'y',
];
const SPLIT = ['split', 'set', 'subset', 'partition', 'data_set', 'dataset'];
const DELIMITERS = [',', ';', '\t', '|'];

/** A list of images: its rows, and how they were read. */
export interface ManifestTable extends Pick<TextTable, 'unit'> {
  readonly rows: readonly ManifestRow[];
  /** Names of the classes that labels are numbers of, where the list says them. */
  readonly classNames?: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Reads the table of a CSV file: commas, semicolons, tabs or bars between cells, whichever its first line has columns
 * of paths and labels with.
 * @param subject the file, for messages
 * @throws misuse `malformed-manifest`, `missing-split`
 */
export function readManifestTable(text: string, subject: string, split: 'test' | 'train'): ManifestTable {
  const { delimiter, header } = readHeader(text, subject);
  requireColumns(header, subject, `its first line (${shorten(header.join(delimiter) || 'empty')})`);
  return rowsOf({ header, unit: 'line', records: parseCsv(text, delimiter, subject).slice(1) }, subject, split);
}

/**
 * The rows of a split where all paths begin with the folder of one, as in the `metadata` above such folders; else all.
 * @throws misuse `missing-split`
 */
export function splitByFolder(table: ManifestTable, split: 'test' | 'train', subject: string): ManifestTable {
  const { rows } = table;
  const known = [...SPLITS.test, ...SPLITS.train];
  const first = rows.map((row) => ({ ...row, split: row.path.split(/[\\/]/)[0].toLowerCase() }));
  if (rows.length === 0 || rows.some(({ wanted }) => !wanted) || !first.every((row) => known.includes(row.split)))
    return table;
  const folders = { told: 'its paths begin with', advice: `Ask for the other ${optionWords('split')}.` };
  return { ...table, ...takeSplit(first, split, subject, { ...folders, named: 'the folder' }, table) };
}

/** Reads a list of images in JSON lines; see `readJsonLines`. @throws as `readManifestTable` */
export function readManifestLines(text: string, subject: string, split: 'test' | 'train'): ManifestTable {
  const table = readJsonLines(text, subject);
  requireColumns(table.header, subject, `none of its objects (${shorten(table.header.join(', ') || 'empty')})`);
  return rowsOf(table, subject, split);
}

/** Reads a list of images in a table of Parquet; see `listTable`. @throws as `readManifestTable` */
export function readManifestColumns(table: TextTable, subject: string, split: 'test' | 'train'): ManifestTable {
  requireColumns(table.header, subject, `its schema (${shorten(table.header.join(', ') || 'empty')})`);
  return rowsOf(table, subject, split);
}

/**
 * Whether a table is the `metadata` of an image folder that says labels: its paths stand under `file_name`. There are
 * others of that name, and captions and boxes are listed so, too.
 */
export function isFolderMetadata(text: string, subject: string, lines: boolean): boolean {
  return hasColumns(text, subject, lines, ['file_name']);
}

/** Whether a CSV file is a list of images with their labels. */
export function isImageList(text: string, subject: string): boolean {
  return hasColumns(text, subject, false, PATH);
}

function hasColumns(text: string, subject: string, lines: boolean, paths: readonly string[]): boolean {
  const { header } = lines ? readJsonLines(text, subject) : readHeader(text, subject);
  return namesColumns(header, paths);
}

/** Whether columns of these names are the `metadata` of an image folder that says labels. */
export const areMetadataColumns = (header: readonly string[]): boolean => namesColumns(header, ['file_name']);

/** Whether columns of these names list images with their labels. */
export const areListColumns = (header: readonly string[]): boolean => namesColumns(header, PATH);

function namesColumns(header: readonly string[], paths: readonly string[]): boolean {
  return columnOf(header, paths) >= 0 && columnOf(header, LABEL) >= 0;
}

function requireColumns(header: readonly string[], subject: string, place: string): void {
  const missing = [...(columnOf(header, PATH) < 0 ? ['path'] : []), ...(columnOf(header, LABEL) < 0 ? ['label'] : [])];
  if (missing.length > 0) throw malformed(subject, `${place} names no column ${missing.join(' or ')}.`);
}

function rowsOf(table: TextTable, subject: string, split: 'test' | 'train'): ManifestTable {
  const { header, records, unit } = table;
  const [path, label, part] = [PATH, LABEL, SPLIT].map((names) => columnOf(header, names));
  const rows = records.map(({ cells, line }) => {
    const at = (column: number): string => (cells[column] ?? '').trim();
    if (cells.length !== header.length)
      throw malformed(
        `${subject}, ${unit} ${line}`,
        `has ${cells.length} cells where the first line names ${header.length} columns.`,
        'Put quotes around cells that hold the separator.',
      );
    if (at(path) === '')
      throw malformed(
        `${subject}, ${unit} ${line}`,
        'has no path.',
        unit === 'row' ? 'Fill it in, or leave the row out.' : undefined,
      );
    return { path: at(path), label: at(label), split: part < 0 ? '' : at(part).toLowerCase(), line, wanted: true };
  });
  const odd = [header[path], header[label]];
  const notes =
    odd[0].toLowerCase() === 'path' && odd[1].toLowerCase() === 'label'
      ? []
      : [`columns: paths from ${odd[0]}, labels from ${odd[1]}`];
  const known = [...SPLITS.test, ...SPLITS.train];
  const read = { rows, notes, unit, classNames: table.classNames?.get(header[label]) };
  if (part < 0 || rows.length === 0 || !rows.every((row) => known.includes(row.split))) return read;
  const column = {
    told: `its column ${header[part]} says`,
    advice: `Ask for the other ${optionWords('split')}, or leave that column out.`,
  };
  return { ...read, ...takeSplit(rows, split, subject, { ...column, named: header[part] }, read) };
}

function takeSplit(
  rows: readonly (ManifestRow & { readonly split: string })[],
  split: 'test' | 'train',
  subject: string,
  { told, named, advice }: { readonly told: string; readonly named: string; readonly advice: string },
  { notes, unit }: Pick<ManifestTable, 'notes' | 'unit'>,
): Pick<ManifestTable, 'rows' | 'notes'> {
  const found = new Set(rows.map((row) => row.split));
  const wanted = SPLITS[split].find((name) => found.has(name));
  if (wanted === undefined) {
    throw misuse({
      code: 'missing-split',
      subject,
      problem: `has no ${unit} of the ${split} split; ${told} ${[...found].sort().join(', ')}.`,
      advice,
    });
  }
  const marked = rows.map((row) => ({ ...row, wanted: row.split === wanted }));
  const count = marked.filter((row) => row.wanted).length;
  return {
    rows: marked,
    notes: [...notes, `split: ${count} of ${rows.length} ${unit}s, those of ${named} ${wanted}`],
  };
}

/** The first line, in cells, and what separates them. */
function readHeader(text: string, subject: string): { readonly delimiter: string; readonly header: readonly string[] } {
  const candidates = DELIMITERS.map((delimiter) => ({ delimiter, header: firstLine(text, delimiter) }));
  const both = candidates.find(({ header }) => columnOf(header, PATH) >= 0 && columnOf(header, LABEL) >= 0);
  if (both !== undefined) return both;
  if (candidates.every(({ header }) => header.length === 0)) parseCsv(text, ',', subject, 1);
  return candidates.reduce((most, one) => (one.header.length > most.header.length ? one : most));
}

/** In cells; none where quotes do not go with the separator. */
function firstLine(text: string, delimiter: string): string[] {
  try {
    return (parseCsv(text, delimiter, '', 1)[0]?.cells ?? []).map((cell) => cell.trim());
  } catch {
    return [];
  }
}

/** @returns −1 where none of the names is there */
function columnOf(header: readonly string[], names: readonly string[]): number {
  const plain = header.map((column) => column.toLowerCase().replace(/[\s-]+/g, '_'));
  for (const name of names) if (plain.includes(name)) return plain.indexOf(name);
  return -1;
}

function parseCsv(
  text: string,
  delimiter: string,
  subject: string,
  records?: number,
): { readonly cells: readonly string[]; readonly line: number }[] {
  try {
    const rows = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to: records,
    }) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    throw malformed(subject, `${(error as Error).message}.`);
  }
}

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

function malformed(subject: string, problem: string, advice?: string): Error {
  return misuse({
    code: 'malformed-manifest',
    subject,
    problem,
    advice: advice ?? 'The first line should be "path,label", each other line a path and its class.',
  });
}
