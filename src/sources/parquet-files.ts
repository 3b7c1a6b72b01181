import type { OpenOptions } from '../data/open-options.ts';
import { type ImageColumns, imageColumns } from '../data/parquet/features.ts';
import { readLabels } from '../data/parquet/labels.ts';
import { emptyCell, RowGroups } from '../data/parquet/row-groups.ts';
import { openParquet, type ParquetTable } from '../data/parquet/table.ts';
import type { ImageSource } from '../data/source.ts';
import type { FilesOfSplit } from '../data/split-names.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Opening } from './data-platform.ts';
import { type ImageFile, imageFileSource } from './image-file-source.ts';
import { labelled, placeOf, titleOf } from './labelled-images.ts';

/** Whether a file is a table of images; `metadata.parquet` lists what lies beside it. */
export const isTable = (name: string): boolean => /\.parquet$/i.test(name) && !/^metadata\./i.test(name);

/**
 * Opens tables of Parquet with a column of encoded images and one of labels, as Hugging Face keeps data sets: shards in
 * a folder, of which names or folders say the split. Class names stand in the footer. Images are read a row group at a
 * time.
 * @param chosen paths relative to the folder
 * @throws misuse `damaged-file`, `no-images`, `no-labels`, `several-columns`, `label-out-of-range`, and
 *   what `imageFileSource` throws
 */
export async function openParquetFiles(
  folder: string,
  chosen: FilesOfSplit,
  opening: Opening,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk, files } = opening;
  const groups = new RowGroups();
  const images: Omit<ImageFile, 'label'>[] = [];
  const labels: (number | string)[] = [];
  let columns: ImageColumns | undefined;
  for (const path of chosen.paths) {
    options.signal?.throwIfAborted();
    const table = await openParquet(await files.plain(disk.join(folder, path)));
    const own = imageColumns(table, options.unlabelled);
    columns = sameColumns(columns, own, table);
    if (own.label !== undefined)
      for (const label of await readLabels(table, own.label.name, own.classNames)) labels.push(label);
    for (let row = 0; row < table.rows; row++)
      images.push(imageAt(opening, folder, path, table, own.image.name, row, groups));
  }
  if (images.length === 0 || columns === undefined)
    throw misuse({ code: 'empty-data', subject: placeOf(disk, folder, chosen), problem: 'has no rows.' });
  return imageFileSource(
    {
      name: titleOf(disk, folder, chosen, options.split),
      ...labelled(images, options.unlabelled ? images.map(() => 0) : labels, columns.classNames),
      notes: columns.notes,
      close: () => files.close(),
    },
    opening,
    options,
  );
}

function sameColumns(first: ImageColumns | undefined, own: ImageColumns, { name }: ParquetTable): ImageColumns {
  if (first === undefined) return own;
  const same =
    first.image.name === own.image.name &&
    first.label?.name === own.label?.name &&
    JSON.stringify(first.classNames) === JSON.stringify(own.classNames);
  if (same) return first;
  throw misuse({
    code: 'several-data-sets',
    subject: name,
    problem: 'has other columns or class names than the files before it, so it is of another data set.',
    advice: `Give the folder or file that is meant as ${optionWords('data')}.`,
  });
}

function imageAt(
  { disk, images }: Opening,
  folder: string,
  path: string,
  table: ParquetTable,
  column: string,
  row: number,
  groups: RowGroups,
): Omit<ImageFile, 'label'> {
  const place = disk.join(folder, path);
  const file = `${path.replaceAll('\\', '/')}:${row}`;
  return {
    path: `${place}, row ${row}`,
    // By the file alone, so that the folder above it names the same data.
    name: disk.nameOf(file),
    file,
    async bytes() {
      const { bytes, path: elsewhere } = await groups.cell(table, column, row);
      if (bytes !== undefined && bytes.length > 0) return bytes;
      if (elsewhere === undefined) throw emptyCell(`${place}, row ${row}`);
      return images.read(disk.resolve(disk.folderOf(place), elsewhere));
    },
  };
}
