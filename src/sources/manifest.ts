import { orderClasses } from '../data/class-order.ts';
import { readLabelColumn } from '../data/label-column.ts';
import { nameLabelling, numberLabelling } from '../data/labelling.ts';
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
} from '../data/manifest-table.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { outOfRange } from '../data/parquet/labels.ts';
import { listColumns, listTable } from '../data/parquet/list.ts';
import { openParquet, type ParquetTable } from '../data/parquet/table.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import type { Disk } from '../ports/disk.ts';
import { readText } from '../ports/read-text.ts';
import type { DataPlatform } from './data-platform.ts';
import { imageFileSource } from './image-file-source.ts';

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
export function openManifest(path: string, platform: DataPlatform, options: OpenOptions): Promise<ImageSource> {
  return withList(path, platform, (list) => openList(path, list, platform, options, {}));
}

/**
 * As `openManifest`; undefined where the file is no such list. It is read once.
 * @param kind `metadata`: of a folder, which may say other things than labels; `list`: any CSV file or table
 */
export function openIfManifest(
  kind: 'metadata' | 'list',
  path: string,
  platform: DataPlatform,
  options: OpenOptions,
  place: ManifestPlace = {},
): Promise<ImageSource | undefined> {
  return withList(path, platform, async (list) =>
    (kind === 'metadata' ? list.isMetadata() : list.isList())
      ? openList(path, list, platform, options, place)
      : undefined,
  );
}

async function openList(
  path: string,
  list: ListFile,
  platform: DataPlatform,
  options: OpenOptions,
  { name = platform.disk.nameOf(path), byFolder = false, images }: ManifestPlace,
): Promise<ImageSource> {
  const { disk } = platform;
  const table = await list.read(options.split);
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
  const pathOf = await pathReader(disk, path, taken);
  const folder = await folderOf(disk, disk.folderOf(path), images, taken.length === 0 ? '' : pathOf(taken[0]));
  return imageFileSource(
    {
      name,
      files: taken.map((row) => ({
        path: disk.resolve(folder, pathOf(row)),
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
    platform,
    options,
  );
}

/** A file that may be a list: the text of one, or a table of Parquet whose footer is read. */
interface ListFile {
  /** Whether it says labels of the images of its folder; see `isFolderMetadata`. */
  isMetadata(): boolean;
  /** Whether it is a list of images with their labels. */
  isList(): boolean;
  read(split: 'test' | 'train'): Promise<ManifestTable>;
}

async function withList<T>(path: string, platform: DataPlatform, work: (list: ListFile) => Promise<T>): Promise<T> {
  if (!/\.parquet$/i.test(path)) return work(textList(await readText(platform.disk, path), path));
  const files = platform.openFiles();
  try {
    return await work(tableList(await openParquet(await files.plain(path)), path));
  } finally {
    await files.close();
  }
}

function textList(text: string, path: string): ListFile {
  const lines = /\.jsonl$/i.test(path);
  return {
    isMetadata: () => isFolderMetadata(text, path, lines),
    isList: () => isImageList(text, path),
    read: async (split) => (lines ? readManifestLines : readManifestTable)(text, path, split),
  };
}

function tableList(table: ParquetTable, path: string): ListFile {
  const columns = listColumns(table);
  return {
    isMetadata: () => areMetadataColumns(columns),
    isList: () => areListColumns(columns),
    read: async (split) => readManifestColumns(await listTable(table), path, split),
  };
}

/** Beside the list, unless its first image lies with the images only. */
async function folderOf(disk: Disk, beside: string, images: string | undefined, first: string): Promise<string> {
  if (images === undefined || (await exists(disk, disk.resolve(beside, first)))) return beside;
  return (await exists(disk, disk.resolve(images, first))) ? images : beside;
}

async function exists(disk: Disk, path: string): Promise<boolean> {
  return (await disk.kindOf(path).catch(() => undefined)) !== undefined;
}

/** Paths as Windows writes them are read with slashes, unless files of such names are there. */
async function pathReader(
  disk: Disk,
  manifest: string,
  rows: readonly Pick<ManifestRow, 'path'>[],
): Promise<(row: Pick<ManifestRow, 'path'>) => string> {
  const sample = rows.find(({ path }) => path.includes('\\'));
  if (sample === undefined) return ({ path }) => path;
  const asWritten = await exists(disk, disk.resolve(disk.folderOf(manifest), sample.path));
  return ({ path }) => (asWritten ? path : path.replaceAll('\\', '/'));
}
