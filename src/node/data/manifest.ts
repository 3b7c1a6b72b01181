import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { orderClasses } from '../../data/class-order.ts';
import { readLabelColumn } from '../../data/label-column.ts';
import { outOfRange } from '../../data/parquet/labels.ts';
import { listColumns, listTable } from '../../data/parquet/list.ts';
import { openParquet, type ParquetTable } from '../../data/parquet/table.ts';
import { nameLabelling, numberLabelling } from '../../data/labelling.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { imageFileSource } from './image-file-source.ts';
import { OpenFiles } from './open-files.ts';
import {
  areListColumns,
  areMetadataColumns,
  isFolderMetadata,
  isImageList,
  type ManifestRow,
  type ManifestTable,
  readManifestColumns,
  readManifestLines,
  readManifestTable,
  splitByFolder,
} from '../../data/manifest-table.ts';
import type { OpenOptions } from '../../data/open-options.ts';
import { readText } from '../../ports/read-text.ts';
import { nodeFiles } from '../files.ts';

interface ManifestPlace {
  /** How the data are named. Default: as the list. */
  readonly name?: string;
  /** The first folder of a path may be that of a split. */
  readonly byFolder?: boolean;
  /** The folder of the images, where they do not lie beside the list. */
  readonly images?: string;
}

/**
 * Opens a CSV file, JSON lines or a table of Parquet with a column of paths (relative to the file) and one of labels:
 * class numbers from 0 up, or class names, which are numbered in their order, unless the list says which number is
 * which. Where a column says which split a line is of, those of the split asked for are taken.
 * @throws misuse `malformed-manifest`, `malformed-label`, `label-out-of-range`, `empty-data`, `missing-split`, and
 *   what `imageFileSource` throws
 */
export async function openManifest(
  path: string,
  options: OpenOptions,
  { name = basename(path), byFolder = false, images }: ManifestPlace = {},
): Promise<ImageSource> {
  const table = await readList(path, options.split);
  const { rows, notes, unit, classNames } = byFolder ? splitByFolder(table, options.split, path) : table;
  if (rows.length === 0) throw misuse({ code: 'empty-data', subject: path, problem: 'lists no images.' });
  // Those of other splits too, so that a class that is missing in this one shifts no other.
  const column = readLabelColumn(
    rows.map(({ label, line }) => ({ text: label, place: `${unit} ${line}` })),
    path,
    options.knownClasses,
  );
  if (classNames !== undefined && 'numbers' in column) {
    const outside = column.numbers.findIndex((label) => label >= classNames.length);
    if (outside >= 0)
      throw outOfRange(`${path}, ${unit} ${rows[outside].line}`, column.numbers[outside], '', classNames);
  }
  const names = 'names' in column ? orderClasses([...new Set(column.names)], 'names').names : classNames;
  const labelOf = new Map(names?.map((name, label) => [name, label]));
  const all = 'names' in column ? column.names.map((name) => labelOf.get(name)!) : column.numbers;
  const taken = rows.flatMap((row, at) => (row.wanted ? [{ ...row, label: all[at] }] : []));
  const labels = taken.map(({ label }) => label);
  const placeOf = (position: number): string => `${unit} ${taken[position].line}`;
  const pathOf = await pathReader(path, taken);
  const folder = await folderOf(dirname(path), images, taken.length === 0 ? '' : pathOf(taken[0]));
  return imageFileSource(
    {
      name,
      files: taken.map((row) => ({
        path: resolve(folder, pathOf(row)),
        name: row.path.replaceAll('\\', '/'),
        label: row.label,
      })),
      classes: names?.length ?? labels.reduce((most, label) => Math.max(most, label), -1) + 1,
      classNames: names,
      labelling: {
        ...('names' in column ? nameLabelling(labels, 'names') : numberLabelling(labels, classNames?.length)),
        placeOf,
      },
      notes,
    },
    options,
  );
}

async function readList(path: string, split: 'test' | 'train'): Promise<ManifestTable> {
  if (isParquet(path)) return readManifestColumns(await withTable(path, listTable), path, split);
  const read = /\.jsonl$/i.test(path) ? readManifestLines : readManifestTable;
  return read(await readText(nodeFiles, path), path, split);
}

/** Whether the `metadata` of a folder says labels; see `isFolderMetadata`. */
export async function saysLabels(path: string): Promise<boolean> {
  if (isParquet(path)) return withTable(path, (table) => areMetadataColumns(listColumns(table)));
  return isFolderMetadata(await readText(nodeFiles, path), path, /\.jsonl$/i.test(path));
}

/** Whether a CSV file or a table of Parquet is a list of images with their labels. */
export async function listsImages(path: string): Promise<boolean> {
  if (isParquet(path)) return withTable(path, (table) => areListColumns(listColumns(table)));
  return isImageList(await readText(nodeFiles, path), path);
}

const isParquet = (path: string): boolean => /\.parquet$/i.test(path);

async function withTable<T>(path: string, work: (table: ParquetTable) => T | Promise<T>): Promise<T> {
  const files = new OpenFiles();
  try {
    return await work(await openParquet(await files.plain(path)));
  } finally {
    await files.close();
  }
}

/** Beside the list, unless its first image lies with the images only. */
async function folderOf(beside: string, images: string | undefined, first: string): Promise<string> {
  if (images === undefined || (await exists(resolve(beside, first)))) return beside;
  return (await exists(resolve(images, first))) ? images : beside;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Paths as Windows writes them are read with slashes, unless files of such names are there. */
async function pathReader(
  manifest: string,
  rows: readonly Pick<ManifestRow, 'path'>[],
): Promise<(row: Pick<ManifestRow, 'path'>) => string> {
  const sample = rows.find(({ path }) => path.includes('\\'));
  if (sample === undefined || process.platform === 'win32') return ({ path }) => path;
  const asWritten = await exists(resolve(dirname(manifest), sample.path));
  return ({ path }) => (asWritten ? path : path.replaceAll('\\', '/'));
}
