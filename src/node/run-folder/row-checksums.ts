import { type FileHandle, open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { writing } from '../output/output-errors.ts';

/** Stands for a row without a checksum, as version 0.1.0 wrote them and a power cut leaves them. */
const NONE = 0;

/** The file beside a file of rows that holds their checksums: a CRC-32 for each, uint32, little-endian. */
export function checksumsFile(path: string): string {
  return `${path}.crc32`;
}

/** What the rows of a file were when they were written. */
export class RowChecksums {
  readonly #path: string;
  readonly #file: FileHandle | undefined;
  #values: Uint32Array;

  private constructor(path: string, file: FileHandle | undefined, values: Uint32Array) {
    this.#path = path;
    this.#file = file;
    this.#values = values;
  }

  /** Opens those of a file of rows, to add to them. */
  static async open(rowsPath: string): Promise<RowChecksums> {
    const path = checksumsFile(rowsPath);
    return writing(path, async () => new RowChecksums(path, await open(path, 'a+'), await valuesIn(path)));
  }

  /** Reads those of a file of rows and leaves them as they are. */
  static async readOnly(rowsPath: string): Promise<RowChecksums> {
    const path = checksumsFile(rowsPath);
    return new RowChecksums(path, undefined, await valuesIn(path));
  }

  /** Whether a row is what was written; true where that is not known. */
  hold(row: number, bytes: Uint8Array): boolean {
    const value = this.#values[row] ?? NONE;
    return value === NONE || value === checksumOf(bytes);
  }

  /** Keeps those of the first `rows` rows. */
  async keep(rows: number): Promise<void> {
    const kept = new Uint32Array(rows);
    kept.set(this.#values.subarray(0, rows));
    await this.#write(this.#values.length > rows ? 4 * rows : undefined, kept.subarray(this.#values.length));
    this.#values = kept;
  }

  /** Adds those of rows that follow. */
  async append(rows: readonly Uint8Array[]): Promise<void> {
    const added = Uint32Array.from(rows, checksumOf);
    await this.#write(undefined, added);
    const values = new Uint32Array(this.#values.length + added.length);
    values.set(this.#values);
    values.set(added, this.#values.length);
    this.#values = values;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #write(length: number | undefined, added: Uint32Array): Promise<void> {
    await writing(this.#path, async () => {
      if (length !== undefined) await this.#file?.truncate(length);
      const bytes = Buffer.alloc(4 * added.length);
      added.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i));
      await this.#file?.appendFile(bytes);
    });
  }
}

function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes) || 1;
}

async function valuesIn(path: string): Promise<Uint32Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readUInt32LE(4 * i));
}
