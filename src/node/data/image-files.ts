import { stat } from 'node:fs/promises';
import type { ImageFiles } from '../../sources/image-files.ts';
import { DecodePool } from './decode-pool.ts';
import { decodeImage, inspectImage } from './image-decoder.ts';
import { readImage } from './read-image.ts';

/** Image files on disk, decoded by libvips. */
export const nodeImages: ImageFiles = {
  sizeOf: (path) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
  read: readImage,
  inspect: inspectImage,
  decode: decodeImage,
  threads: (count, decoding) => new DecodePool(count, decoding),
};
