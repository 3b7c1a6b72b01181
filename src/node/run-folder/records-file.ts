import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { recordSchema } from '../../evaluation/record-schema.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { bySchema } from '../../json/by-schema.ts';
import { jsonOf } from '../../json/json-of.ts';
import { writing } from '../output/output-errors.ts';
import { RowChecksums } from './row-checksums.ts';

/**
 * `images.jsonl`: one line for each image, only ever appended to. A last line that a kill or a full disk cut short
 * is dropped when the file is opened again.
 */
export class RecordsFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #checksums: RowChecksums;
  #count = 0;

  private constructor(path: string, file: FileHandle, checksums: RowChecksums) {
    this.#path = path;
    this.#file = file;
    this.#checksums = checksums;
  }

  /** Lines that are whole. */
  get count(): number {
    return this.#count;
  }

  /** @throws misuse `run-folder-damaged` naming the line */
  static async open(path: string): Promise<RecordsFile> {
    return writing(path, async () => {
      const file = await open(path, 'a+');
      const checksums = await RowChecksums.open(path);
      const records = new RecordsFile(path, file, checksums);
      try {
        for await (const _ of recordsIn(path, checksums)) records.#count++;
      } catch (error) {
        await records.close();
        throw error;
      }
      return records;
    });
  }

  /**
   * The whole lines of a file that is left as it is; another process may be writing to it.
   * @throws misuse `run-folder-damaged` naming the line
   */
  static async *readOnly(path: string): AsyncGenerator<ImageRecord> {
    yield* recordsIn(path, await RowChecksums.readOnly(path));
  }

  /** Keeps only the first `count` lines; whatever lies behind them goes. */
  async keep(count: number): Promise<void> {
    await writing(this.#path, async () => {
      await this.#file.truncate(await endOfLine(this.#path, count));
      await this.#file.sync();
    });
    await this.#checksums.keep(count);
    this.#count = count;
  }

  async append(records: readonly ImageRecord[]): Promise<void> {
    const lines = records.map((record) => jsonOf(record));
    await writing(this.#path, async () => {
      await this.#file.appendFile(lines.map((line) => `${line}\n`).join(''));
      await this.#file.sync();
    });
    await this.#checksums.append(lines.map((line) => Buffer.from(line)));
    this.#count += records.length;
  }

  async *read(): AsyncGenerator<ImageRecord> {
    if (this.#count === 0) return;
    let read = 0;
    for await (const record of recordsIn(this.#path, this.#checksums)) {
      yield record;
      if (++read === this.#count) return;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#checksums.close();
  }
}

/**
 * The records that lines hold, one at a time. Only the last line may be no JSON (a power cut can leave zeros); images
 * come in the order of the data set, each once.
 */
async function* recordsIn(path: string, checksums: RowChecksums): AsyncGenerator<ImageRecord> {
  let [line, broken, last] = [0, false, -1];
  for await (const bytes of endedLines(path)) {
    line++;
    if (broken) throw damaged(path, `line ${line - 1} is not a record, and others follow it`);
    const value = parsed(bytes);
    if (value === undefined) {
      broken = true;
      continue;
    }
    if (!checksums.hold(line - 1, bytes))
      throw damaged(path, `line ${line} is not what was written: its checksum does not hold`);
    const record = bySchema(value, recordSchema, { ...damage(), subject: `${path}, line ${line}` });
    if (record.index <= last) throw damaged(path, outOfOrder(line, record.index, last));
    last = record.index;
    yield record;
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** No line is as long: that of 100 attacks has some 20 kB. */
const LONGEST_LINE = 2 ** 24;

async function* endedLines(path: string): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const end = chunk.subarray(from, at);
      yield begun.length === 0 ? end : Buffer.concat([...begun, end]);
      [begun, length, from] = [[], 0, at + 1];
    }
    // What has no end within reason is no line: the zeros of a power cut, which are dropped as a cut line is.
    if ((length += chunk.length - from) <= LONGEST_LINE) begun.push(chunk.subarray(from));
    else begun = [Buffer.from('\0')];
  }
}

/** Bytes up to and including the newline that ends line `count`. */
async function endOfLine(path: string, count: number): Promise<number> {
  let [lines, position] = [0, 0];
  if (count === 0) {
    return 0;
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
      if (++lines === count) {
        return position + at + 1;
      }
    }
    position += chunk.length;
  }
  throw new Error(`internal: ${path} has fewer than ${count} lines`);
}

function damage(): { readonly code: string; readonly advice: string } {
  return {
    code: 'run-folder-damaged',
    advice:
      'The file was changed or damaged from outside: put it back from a copy, start anew with another ' +
      `${optionWords('out')}, or delete the folder.`,
  };
}

function damaged(path: string, problem: string): Error {
  return misuse({ ...damage(), subject: path, problem: `${problem}.` });
}

function outOfOrder(line: number, index: number, last: number): string {
  return index === last
    ? `line ${line} tells of image ${index} a second time`
    : `line ${line} tells of image ${index}, but the line before it of image ${last}: images come in the order of ` +
        'the data set, each once';
}
