import { type FileHandle, open, rm } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { NPY_HEADER_BYTES, npyColumns, npyHeader } from './npy-header.ts';
import { writing } from '../output/output-errors.ts';
import { RowChecksums, checksumsFile } from './row-checksums.ts';

/**
 * The kept losses of one attack: a row for each image, a column for each candidate (see
 * src/statistics/exhaustive-value.ts).
 */
export class LossesFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #checksums: RowChecksums;
  readonly #columns: number;
  #rows: number;

  private constructor(path: string, file: FileHandle, checksums: RowChecksums, columns: number, rows: number) {
    this.#path = path;
    this.#checksums = checksums;
    this.#file = file;
    this.#columns = columns;
    this.#rows = rows;
  }

  static async create(path: string, columns: number): Promise<LossesFile> {
    return writing(path, async () => {
      const file = await open(path, 'w+');
      await file.write(npyHeader(0, columns), 0, NPY_HEADER_BYTES, 0);
      const checksums = await RowChecksums.open(path);
      await checksums.keep(0);
      return new LossesFile(path, file, checksums, columns, 0);
    });
  }

  /**
   * Opens what an earlier part of the run left; `undefined` where not even the header is whole.
   * @throws misuse `run-folder-damaged` where it is another header
   */
  static async open(path: string): Promise<LossesFile | undefined> {
    return writing(path, async () => {
      const file = await open(path, 'r+');
      const header = Buffer.alloc(NPY_HEADER_BYTES);
      const { bytesRead } = await file.read(header, 0, NPY_HEADER_BYTES, 0);
      const columns = bytesRead === NPY_HEADER_BYTES ? npyColumns(header) : undefined;
      if (columns === undefined) {
        await file.close();
        // A header is as a whole one or cut; only what this run did not write has another.
        if (bytesRead === NPY_HEADER_BYTES && header.some((byte) => byte !== 0))
          throw damaged(path, 'has another header');
        return undefined;
      }
      const { size } = await file.stat();
      return new LossesFile(
        path,
        file,
        await RowChecksums.open(path),
        columns,
        Math.floor((size - NPY_HEADER_BYTES) / (4 * columns)),
      );
    });
  }

  /** The whole rows of a file that is left as it is; none where there is no file. */
  static async *readOnly(path: string): AsyncGenerator<Float32Array> {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    try {
      const header = Buffer.alloc(NPY_HEADER_BYTES);
      const { bytesRead } = await file.read(header, 0, NPY_HEADER_BYTES, 0);
      const columns = bytesRead === NPY_HEADER_BYTES ? npyColumns(header) : undefined;
      if (columns === undefined) throw damaged(path, 'has another header');
      const rows = Math.floor(((await file.stat()).size - NPY_HEADER_BYTES) / (4 * columns));
      yield* new LossesFile(path, file, await RowChecksums.readOnly(path), columns, rows).read();
    } finally {
      await file.close();
    }
  }

  /** Rows that are whole. */
  get rows(): number {
    return this.#rows;
  }

  /** Candidates of each image. */
  get columns(): number {
    return this.#columns;
  }

  /** Removes the file. */
  async remove(): Promise<void> {
    await this.close();
    await removeLosses(this.#path);
  }

  /** Keeps only the first `rows` rows. */
  async keep(rows: number): Promise<void> {
    await writing(this.#path, () => this.#file.truncate(this.#end(rows)));
    await this.#checksums.keep(rows);
    this.#rows = rows;
  }

  async append(arrays: readonly Float32Array[]): Promise<void> {
    const values = new Float32Array(arrays.length * this.#columns);
    arrays.forEach((array, i) => {
      if (array.length !== this.#columns) {
        throw new Error(`internal: ${this.#path} has ${this.#columns} candidates an image, got ${array.length}`);
      }
      values.set(array, i * this.#columns);
    });
    await writing(this.#path, async () => {
      await writeWhole(this.#file, Buffer.from(values.buffer), this.#end(this.#rows));
      await this.#file.datasync();
    });
    await this.#checksums.append(arrays.map((_, i) => bytesOf(values, i * this.#columns, this.#columns)));
    this.#rows += arrays.length;
  }

  async *read(): AsyncGenerator<Float32Array> {
    for (let row = 0; row < this.#rows; row++) yield await this.row(row);
  }

  async row(row: number): Promise<Float32Array> {
    const values = new Float32Array(this.#columns);
    const bytes = Buffer.from(values.buffer);
    const { bytesRead } = await this.#file.read(bytes, 0, values.byteLength, this.#end(row));
    if (bytesRead < bytes.length || !this.#checksums.hold(row, bytes))
      throw damaged(this.#path, `row ${row} (counted from 0) is not what was written: its checksum does not hold`);
    return values;
  }

  /** Writes the number of rows into the header, which until then says none. */
  async finish(): Promise<void> {
    await writing(this.#path, async () => {
      await this.#file.write(npyHeader(this.#rows, this.#columns), 0, NPY_HEADER_BYTES, 0);
      await this.#file.sync();
    });
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#checksums.close();
  }

  /** Bytes before row `rows`. */
  #end(rows: number): number {
    return NPY_HEADER_BYTES + 4 * this.#columns * rows;
  }
}

/** Removes a file of losses and what belongs to it. */
export async function removeLosses(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(checksumsFile(path), { force: true });
}

function bytesOf(values: Float32Array, from: number, length: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + 4 * from, 4 * length);
}

function damaged(path: string, problem: string): Error {
  return misuse({
    code: 'run-folder-damaged',
    subject: path,
    problem: `${problem}.`,
    advice: `Put it back from a copy, start anew with another ${optionWords('out')}, or delete the folder.`,
  });
}

/** A single write may take less than it was given, as on a disk that runs full. */
async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
