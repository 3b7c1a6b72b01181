import { misuse } from '../../errors/error.ts';
import type { ParquetTable } from './table.ts';

/** Image bytes of row groups that are kept: small data sets are held whole, of large ones what was read last. */
const KEPT_BYTES = 2 ** 28;

/** An encoded image of a row: its bytes, or where the file lies. */
export interface StoredCell {
  readonly bytes?: Uint8Array;
  readonly path?: string;
}

interface Group {
  readonly cells: Promise<readonly StoredCell[]>;
  bytes: number;
}

/** Columns of images in several tables, read a row group at a time; the ones read last are kept. */
export class RowGroups {
  readonly #kept = new Map<string, Group>();
  /** One group is read at a time: each may take a good part of memory. */
  #reading: Promise<unknown> = Promise.resolve();

  /** @throws misuse `damaged-file`, `unreadable-image` */
  async cell(table: ParquetTable, column: string, row: number): Promise<StoredCell> {
    const at = table.bounds.findLastIndex((bound) => bound <= row);
    // A row group without rows begins where the next one does.
    const cells = await this.#group(table, column, at);
    return cells[row - table.bounds[at]];
  }

  #group(table: ParquetTable, column: string, at: number): Promise<readonly StoredCell[]> {
    const key = `${at} ${table.name}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const group = known ?? this.#read(table, column, at, key);
    // The last in line is the one that was asked for last.
    this.#kept.set(key, group);
    return group.cells;
  }

  #read(table: ParquetTable, column: string, at: number, key: string): Group {
    const { bounds } = table;
    const cells = this.#reading.then(async () =>
      (await table.read(column, bounds[at], bounds[at + 1])).map((value) => cellOf(value)),
    );
    this.#reading = cells.catch(() => undefined);
    const group: Group = { cells, bytes: 0 };
    // One that cannot be read stays so: each of its images asks.
    cells.then(
      (list) => {
        group.bytes = list.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
        this.#dropOldest(key);
      },
      () => undefined,
    );
    return group;
  }

  #dropOldest(latest: string): void {
    let sum = 0;
    for (const [key, { bytes }] of [...this.#kept].reverse()) {
      sum += bytes;
      if (sum > KEPT_BYTES && key !== latest) this.#kept.delete(key);
    }
  }
}

function cellOf(value: unknown): StoredCell {
  if (value instanceof Uint8Array) return { bytes: value };
  if (typeof value !== 'object' || value === null) return {};
  const { bytes, path } = value as { readonly bytes?: unknown; readonly path?: unknown };
  return {
    ...(bytes instanceof Uint8Array ? { bytes } : {}),
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
  };
}

/** Of a row that holds no image. */
export function emptyCell(name: string): Error {
  return misuse({ code: 'unreadable-image', subject: name, problem: 'has no bytes and no path.' });
}
