import { stat } from 'node:fs/promises';
import { Budget } from '../../data/budget.ts';
import { failure } from '../../errors/error.ts';
import { sha256Of } from '../sha256.ts';
import { inspectImage } from './image-decoder.ts';
import type { Exif, ImageHead } from './image-decoder.ts';
import { readRegular } from './regular-file.ts';

/** What reading a file once tells, without decoding it. */
export interface FileContent {
  /** Hex SHA-256 of its bytes; absent where it could not be read. */
  readonly sha256?: string;
  /** What its head says; absent where that is none of an image. */
  readonly head?: ImageHead;
  /** Why there is no head. */
  readonly fault?: string;
}

/** No photograph has more bytes. */
const MOST_BYTES = 2 ** 30;
/** Files of so many bytes together are held at once; a larger one alone. */
const BYTES_AT_ONCE = 2 ** 26;
/** Reading and looking at heads runs on the threads that Node has for files. */
const PARALLEL = 8;

/**
 * Reads image files once in full: every byte counts for the fingerprint of a data set, and what is wrong with a file's
 * head is known before anything is computed.
 */
export async function readContents(paths: readonly string[], exif: Exif, signal?: AbortSignal): Promise<FileContent[]> {
  const contents: FileContent[] = new Array(paths.length);
  const budget = new Budget(BYTES_AT_ONCE);
  let next = 0;
  const work = async () => {
    while (next < paths.length) {
      signal?.throwIfAborted();
      const at = next++;
      const size = await stat(paths[at]).then(
        (stats) => stats.size,
        () => 0,
      );
      contents[at] = await budget.spend(size, () => contentOf(paths[at], exif));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return contents;
}

async function contentOf(path: string, exif: Exif): Promise<FileContent> {
  let sha256: string | undefined;
  try {
    const bytes = await readImageFile(path);
    sha256 = sha256Of(bytes);
    return { sha256, head: await inspectImage(bytes, exif) };
  } catch (error) {
    throwUnlessInput(error, path);
    return { sha256, fault: reasonOf(error, path) };
  }
}

export function readImageFile(path: string): Promise<Buffer> {
  return readRegular(path, MOST_BYTES);
}

/** What is wrong with a file, without its path in front. */
export function reasonOf(error: unknown, path: string): string {
  const { message } = error as Error;
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2).replace(/\.$/, '') : message;
}

/** Running out of file handles or memory is no fault of the image. */
export function throwUnlessInput(error: unknown, path: string): void {
  const { code = (error as { cause?: NodeJS.ErrnoException }).cause?.code, message } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM') {
    throw failure(
      { code: 'reading-failed', subject: path, problem: `could not be read (${message}).` },
      { cause: error },
    );
  }
}
