import type { TextTable } from '../json-lines.ts';
import { classNamesOf, holdsImages } from './features.ts';
import type { ParquetTable } from './table.ts';

/**
 * Columns of one value a row. Numbers with a fraction are among them: whole ones in a column with gaps are kept so.
 * What has fields, and bytes, says no paths and no labels.
 */
const listed = ({ columns }: ParquetTable) => columns.filter(({ type }) => type !== 'struct' && type !== 'bytes');

/** Names of the columns that may say paths and labels; none in a table that holds the images themselves. */
export function listColumns(table: ParquetTable): string[] {
  return holdsImages(table) ? [] : listed(table).map(({ name }) => name);
}

/**
 * Reads the columns of one value a row of a Parquet table as a list of images, such as `metadata.parquet`.
 * @throws misuse `damaged-file`
 */
export async function listTable(table: ParquetTable): Promise<TextTable> {
  const header = listColumns(table);
  const columns = await Promise.all(header.map((name) => table.read(name, 0, table.rows)));
  return {
    header,
    unit: 'row',
    classNames: classNamesOf(table),
    records: Array.from({ length: table.rows }, (_, row) => ({
      cells: columns.map((values) => cellOf(values[row])),
      line: row,
    })),
  };
}

function cellOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim();
}
