import { type FileHandle, open } from 'node:fs/promises';
import { NPY_HEADER_BYTES, npyColumns, npyHeader } from './npy-header.ts';
import { writing } from './output-errors.ts';

/**
 * The kept losses of one attack: a row for each image, a column for each candidate (see
 * src/statistics/exhaustive-value.ts).
 */
export class LossesFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #columns: number;
  #rows: number;

  private constructor(path: string, file: FileHandle, columns: number, rows: number) {
    this.#path = path;
    this.#file = file;
    this.#columns = columns;
    this.#rows = rows;
  }

  static async create(path: string, columns: number): Promise<LossesFile> {
    return writing(path, async () => {
      const file = await open(path, 'w+');
      await file.write(npyHeader(0, columns), 0, NPY_HEADER_BYTES, 0);
      return new LossesFile(path, file, columns, 0);
    });
  }

  /** Opens what an earlier part of the run left; `undefined` where not even the header is whole. */
  static async open(path: string): Promise<LossesFile | undefined> {
    return writing(path, async () => {
      const file = await open(path, 'r+');
      const header = Buffer.alloc(NPY_HEADER_BYTES);
      const { bytesRead } = await file.read(header, 0, NPY_HEADER_BYTES, 0);
      const columns = bytesRead === NPY_HEADER_BYTES ? npyColumns(header) : undefined;
      if (columns === undefined) {
        await file.close();
        return undefined;
      }
      const { size } = await file.stat();
      return new LossesFile(path, file, columns, Math.floor((size - NPY_HEADER_BYTES) / (4 * columns)));
    });
  }

  /** Rows that are whole. */
  get rows(): number {
    return this.#rows;
  }

  /** Keeps only the first `rows` rows. */
  async keep(rows: number): Promise<void> {
    await writing(this.#path, () => this.#file.truncate(this.#end(rows)));
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
    this.#rows += arrays.length;
  }

  async *read(): AsyncGenerator<Float32Array> {
    for (let row = 0; row < this.#rows; row++) {
      const values = new Float32Array(this.#columns);
      await this.#file.read(Buffer.from(values.buffer), 0, values.byteLength, this.#end(row));
      yield values;
    }
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
  }

  /** Bytes before row `rows`. */
  #end(rows: number): number {
    return NPY_HEADER_BYTES + 4 * this.#columns * rows;
  }
}

/** A single write may take less than it was given, as on a disk that runs full. */
async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
