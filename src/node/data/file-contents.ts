import { stat } from 'node:fs/promises';
import { Budget } from '../../data/budget.ts';
import { failure } from '../../errors/error.ts';
import { nativeSha256Of } from '../sha256.ts';
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

/** An image as it lies somewhere: in a file of its own, or in one with others. */
export interface StoredImage {
  /** What messages call it: a path, `shard.tar › 0001.jpg`. */
  readonly path: string;
  /** Its bytes, where it is not a file of its own. @throws misuse where they cannot be read */
  readonly bytes?: () => Promise<Uint8Array>;
}

/**
 * Reads images once in full, before they are decoded: every byte counts for the fingerprint of a data set, and what is
 * wrong with an image's head is known before anything is computed.
 */
export async function readContents(
  images: readonly StoredImage[],
  exif: Exif,
  signal?: AbortSignal,
): Promise<FileContent[]> {
  const contents: FileContent[] = new Array(images.length);
  const budget = new Budget(BYTES_AT_ONCE);
  let next = 0;
  const work = async () => {
    while (next < images.length) {
      signal?.throwIfAborted();
      const at = next++;
      const image = images[at];
      contents[at] = await budget.spend(await sizeOf(image), () => contentOf(image, exif));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return contents;
}

/** In bytes; of images that lie with others it is not known before. */
async function sizeOf({ path, bytes }: StoredImage): Promise<number> {
  if (bytes !== undefined) return 0;
  return stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
}

async function contentOf(image: StoredImage, exif: Exif): Promise<FileContent> {
  let sha256: string | undefined;
  try {
    const bytes = await bytesOf(image);
    sha256 = nativeSha256Of(bytes);
    return { sha256, head: await inspectImage(bytes, exif) };
  } catch (error) {
    throwUnlessInput(error, image.path);
    return { sha256, fault: reasonOf(error, image.path) };
  }
}

/** @throws misuse `unreadable-file` and others */
export function bytesOf({ path, bytes }: StoredImage): Promise<Uint8Array> {
  return bytes === undefined ? readRegular(path, MOST_BYTES) : bytes();
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
