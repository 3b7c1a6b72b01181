import { GimbalError } from '../errors/error.ts';
import type { ImageFiles } from './image-files.ts';

/** An image as it lies somewhere: in a file of its own, or in one with others. */
export interface StoredImage {
  /** What messages call it: a path, `shard.tar › 0001.jpg`. */
  readonly path: string;
  /** Its bytes, where it is not a file of its own. @throws misuse where they cannot be read */
  readonly bytes?: () => Promise<Uint8Array>;
}

/** @throws misuse `unreadable-file` and others; failure `reading-failed` */
export function bytesOf({ path, bytes }: StoredImage, images: Pick<ImageFiles, 'read'>): Promise<Uint8Array> {
  return bytes === undefined ? images.read(path) : bytes();
}

/** What is wrong with an image, without its path in front. @throws the error where that is not the image's fault */
export function whyNot(error: unknown, path: string): string {
  if (error instanceof GimbalError && error.kind === 'failure') throw error;
  const { message } = error as Error;
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2).replace(/\.$/, '') : message;
}
