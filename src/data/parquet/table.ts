import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { GimbalError, misuse } from '../../errors/error.ts';
import type { ByteReader } from '../bytes.ts';
import { compressorsFor } from './compressors.ts';
import { pageHeaders } from './page-headers.ts';

/** A Parquet file whose footer was read. */
export interface ParquetTable {
  readonly name: string;
  readonly rows: number;
  /** First row of each row group, and at the end the number of rows. */
  readonly bounds: readonly number[];
  readonly columns: readonly ParquetColumn[];
  /** What its writer noted in the footer, by key. */
  readonly notes: ReadonlyMap<string, string>;
  /**
   * Values of one column in some rows; rows of other row groups are not read.
   * @throws misuse `damaged-file`
   */
  read(column: string, from: number, to: number): Promise<unknown[]>;
}

export interface ParquetColumn {
  readonly name: string;
  /** Of a plain column its type; `struct` of one with fields. */
  readonly type: 'bytes' | 'text' | 'whole' | 'struct' | 'other';
  /** Names of the fields of a struct. */
  readonly fields: readonly string[];
}

/** A table of images has some hundreds of row groups; its footer a few kilobytes for each. */
const MOST_FOOTER_BYTES = 2 ** 28;

/**
 * Reads the footer of a Parquet file.
 * @throws misuse `foreign-format` of a pointer of Git LFS, `damaged-file`
 */
export async function openParquet(bytes: ByteReader): Promise<ParquetTable> {
  const { name } = bytes;
  await refuseOthers(bytes);
  const file = asyncBuffer(bytes);
  const metadata = await attempt(name, 'its footer', () => parquetMetadataAsync(file));
  const columns = await attempt(name, 'its schema', async () => parquetSchema(metadata).children.map(columnOf));
  const bounds = boundsOf(metadata, bytes);
  const compressors = await compressorsFor(codecsOf(metadata));
  return {
    name,
    rows: bounds[bounds.length - 1],
    bounds,
    columns,
    notes: new Map((metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value])),
    async read(column, from, to) {
      if (to <= from) return [];
      const rows = await attempt(name, `its column ${column}, rows ${from} to ${to - 1}`, async () => {
        await checkPages(bytes, metadata, bounds, column, from, to);
        return parquetReadObjects({
          file,
          metadata,
          columns: [column],
          rowStart: from,
          rowEnd: to,
          compressors,
          utf8: false,
          geoparquet: false,
        });
      });
      if (rows.length !== to - from)
        throw damaged(name, `holds ${rows.length} of the ${to - from} values that its column ${column} should`);
      return rows.map((row) => row[column] as unknown);
    },
  };
}

function columnOf({ element, children }: ReturnType<typeof parquetSchema>): ParquetColumn {
  const fields = children.map((child) => child.element.name);
  const { name, type, converted_type: kind, logical_type: logical } = element;
  if (typeof name !== 'string') throw new Error('a column has no name');
  const told = (): ParquetColumn['type'] => {
    if (fields.length > 0) return 'struct';
    if (type === 'BYTE_ARRAY') return kind === 'UTF8' || logical?.type === 'STRING' ? 'text' : 'bytes';
    return type === 'INT32' || type === 'INT64' ? 'whole' : 'other';
  };
  return { name, type: told(), fields };
}

function codecsOf({ row_groups: groups }: FileMetaData): Set<string> {
  const codecs = new Set<string>();
  for (const { columns } of groups) for (const { meta_data: column } of columns) if (column) codecs.add(column.codec);
  return codecs;
}

function boundsOf({ row_groups: groups, num_rows: rows }: FileMetaData, { name, size }: ByteReader): number[] {
  const bounds = [0];
  for (const group of groups) {
    const count = Number(group.num_rows);
    if (!Number.isSafeInteger(count) || count < 0) throw damaged(name, `has a row group of ${count} rows`);
    bounds.push(bounds[bounds.length - 1] + count);
  }
  if (bounds[bounds.length - 1] !== Number(rows))
    throw damaged(name, `says that it has ${rows} rows, and its row groups have ${bounds[bounds.length - 1]}`);
  // Each image takes bytes; a column of nulls could say any number of rows.
  if (rows > size) throw damaged(name, `says that it has ${rows} rows in ${size} bytes`);
  return bounds;
}

/** No page of images is larger: writers begin a new one at a megabyte, or with the next image. */
const MOST_PAGE_BYTES = 2 ** 28;

/**
 * Checks what the pages of a column announce before any is unpacked: the library makes room for as many values as a
 * header says.
 */
async function checkPages(
  bytes: ByteReader,
  { row_groups: groups }: FileMetaData,
  bounds: readonly number[],
  column: string,
  from: number,
  to: number,
): Promise<void> {
  for (const [at, group] of groups.entries()) {
    if (bounds[at + 1] <= from || bounds[at] >= to) continue;
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined || chunk.path_in_schema[0] !== column) continue;
      const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
      const end = start + Number(chunk.total_compressed_size);
      if (!(start >= 0 && end <= bytes.size)) throw new Error(`it points to bytes ${start} to ${end} of ${bytes.size}`);
      let values = 0;
      for await (const page of pageHeaders(bytes, start, end)) {
        values += page.isDictionary ? 0 : page.values;
        if (page.uncompressed > MOST_PAGE_BYTES)
          throw new Error(`a page says that it unpacks to ${page.uncompressed} bytes`);
        if (page.isDictionary && page.values > page.uncompressed)
          throw new Error(`a dictionary says that it has ${page.values} entries in ${page.uncompressed} bytes`);
        if (values > bounds[at + 1] - bounds[at])
          throw new Error(
            `its pages say that they have ${values} values or more for ${bounds[at + 1] - bounds[at]} rows`,
          );
      }
    }
  }
}

async function refuseOthers(bytes: ByteReader): Promise<void> {
  const { name, size } = bytes;
  const head = await bytes.read(0, Math.min(size, 48));
  if (new TextDecoder().decode(head).startsWith('version https://git-lfs.github.com/')) {
    throw misuse({
      code: 'foreign-format',
      subject: name,
      problem: 'is a pointer of Git LFS, not the file itself.',
      advice: 'Fetch it by git lfs pull in that folder.',
    });
  }
  const tail = size < 12 ? new Uint8Array(8) : await bytes.read(size - 8, 8);
  const footer = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const magic = new TextDecoder('latin1').decode(tail.subarray(4));
  if (magic !== 'PAR1' || footer + 12 > size || footer > MOST_FOOTER_BYTES)
    throw damaged(name, 'does not end as a Parquet file does; it was cut short or is none');
}

/** What goes wrong inside of the library says something of the file. */
async function attempt<T>(name: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GimbalError) throw error;
    throw damaged(name, `is damaged: ${what} cannot be read (${(error as Error).message})`, error);
  }
}

function damaged(name: string, problem: string, cause?: unknown): Error {
  return misuse({ code: 'damaged-file', subject: name, problem: `${problem}.`, advice: 'Get it again.' }, { cause });
}

function asyncBuffer(bytes: ByteReader): AsyncBuffer {
  const read = async (from: number, to: number): Promise<ArrayBuffer> => {
    if (!(from >= 0 && to >= from && to <= bytes.size))
      throw new Error(`it points to bytes ${from} to ${to} of ${bytes.size}`);
    const part = await bytes.read(from, to - from);
    // The library takes whole buffers.
    const whole = part.byteLength === part.buffer.byteLength ? part : part.slice();
    return whole.buffer as ArrayBuffer;
  };
  return {
    byteLength: bytes.size,
    slice(start, end = bytes.size) {
      const [from, to] = [start, end].map((at) => (at < 0 ? bytes.size + at : at));
      const part = read(from, to);
      // The library asks for several parts at once and gives up at the first that fails: the others are no surprise.
      part.catch(() => undefined);
      return part;
    },
  };
}
