import { Budget } from '../data/budget.ts';
import type { DataPlatform } from './data-platform.ts';
import { contentHash } from './fingerprint.ts';
import type { Exif, ImageHead } from './image-files.ts';
import { bytesOf, whyNot } from './stored-image.ts';
import type { StoredImage } from './stored-image.ts';

/** What reading a file once tells, without decoding it. */
export interface FileContent {
  /** Hex SHA-256 of its bytes; absent where it could not be read. */
  readonly sha256?: string;
  /** What its head says; absent where that is none of an image. */
  readonly head?: ImageHead;
  /** Why there is no head. */
  readonly fault?: string;
}

/** Files of so many bytes together are held at once; a larger one alone. */
const BYTES_AT_ONCE = 2 ** 26;
/** Reading and looking at heads runs on the threads that a platform has for files. */
const PARALLEL = 8;

/**
 * Reads images once in full, before they are decoded: every byte counts for the fingerprint of a data set, and what is
 * wrong with an image's head is known before anything is computed.
 */
export async function readContents(
  images: readonly StoredImage[],
  platform: DataPlatform,
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
      contents[at] = await budget.spend(await sizeOf(image, platform), () => contentOf(image, platform, exif));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return contents;
}

/** In bytes; of images that lie with others it is not known before. */
async function sizeOf({ path, bytes }: StoredImage, { images }: DataPlatform): Promise<number> {
  return bytes === undefined ? images.sizeOf(path) : 0;
}

async function contentOf(image: StoredImage, platform: DataPlatform, exif: Exif): Promise<FileContent> {
  let sha256: string | undefined;
  try {
    const bytes = await bytesOf(image, platform.images);
    sha256 = contentHash(bytes, platform);
    return { sha256, head: await platform.images.inspect(bytes, exif) };
  } catch (error) {
    return { sha256, fault: whyNot(error, image.path) };
  }
}
