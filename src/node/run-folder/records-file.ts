import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { failure } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { writing } from './output-errors.ts';
import { jsonOf } from './json.ts';

/**
 * `images.jsonl`: one line for each image, only ever appended to. A last line that a kill or a full disk cut short
 * is dropped when the file is opened again.
 */
export class RecordsFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #count: number;

  private constructor(path: string, file: FileHandle, count: number) {
    this.#path = path;
    this.#file = file;
    this.#count = count;
  }

  /** Lines that are whole. */
  get count(): number {
    return this.#count;
  }

  static async open(path: string): Promise<RecordsFile> {
    return writing(path, async () => {
      const file = await open(path, 'a+');
      const count = await wholeLines(path);
      return new RecordsFile(path, file, count);
    });
  }

  /** The whole lines of a file that is left as it is; another process may be writing to it. */
  static async *readOnly(path: string): AsyncGenerator<ImageRecord> {
    yield* recordsOf(path, await wholeLines(path));
  }

  /** Keeps only the first `count` lines; whatever lies behind them goes. */
  async keep(count: number): Promise<void> {
    await writing(this.#path, async () => {
      await this.#file.truncate(await endOfLine(this.#path, count));
      await this.#file.sync();
    });
    this.#count = count;
  }

  async append(records: readonly ImageRecord[]): Promise<void> {
    const lines = records.map((record) => `${jsonOf(record)}\n`).join('');
    await writing(this.#path, async () => {
      await this.#file.appendFile(lines);
      await this.#file.sync();
    });
    this.#count += records.length;
  }

  read(): AsyncGenerator<ImageRecord> {
    return recordsOf(this.#path, this.#count);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function* recordsOf(path: string, count: number): AsyncGenerator<ImageRecord> {
  for await (const line of linesOf(path, count)) {
    yield JSON.parse(line) as ImageRecord;
  }
}

async function* linesOf(path: string, count: number): AsyncGenerator<string> {
  if (count === 0) {
    return;
  }
  const input = createReadStream(path);
  try {
    let read = 0;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      yield line;
      if (++read === count) {
        return;
      }
    }
  } finally {
    input.destroy();
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

/** Counts lines that end in a newline and hold JSON; only the last may be unreadable (a power cut can leave zeros). */
async function wholeLines(path: string): Promise<number> {
  let [lines, broken] = [0, -1];
  for await (const ended of endedLines(path)) {
    if (broken >= 0) {
      throw damaged(path, broken + 1);
    }
    if (isJson(ended)) {
      lines++;
    } else {
      broken = lines;
    }
  }
  return lines;
}

async function* endedLines(path: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, from)) {
      yield rest.toString('utf8', from, at);
      from = at + 1;
    }
    rest = rest.subarray(from);
  }
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function damaged(path: string, line: number): Error {
  return failure({
    code: 'run-folder-damaged',
    subject: path,
    problem: `line ${line} is not a record, and others follow it.`,
    advice: 'The file was changed from outside: start anew with another --out, or delete the folder.',
  });
}
