import { convertedShape, convertImage } from '../data/conversion.ts';
import type { ConversionOptions } from '../data/conversion.ts';
import { convertPart, editPixels } from '../data/edit.ts';
import type { ImageEdit } from '../data/edit.ts';
import { failure } from '../errors/error.ts';
import type { ImageShape } from '../image/image.ts';
import type { DataPlatform } from './data-platform.ts';
import { contentHash } from './fingerprint.ts';
import type { Exif, ImageFiles } from './image-files.ts';
import { bytesOf, whyNot } from './stored-image.ts';
import type { StoredImage } from './stored-image.ts';

/** How all images of a source are decoded; it crosses threads. */
export interface Decoding {
  readonly channels: 1 | 3;
  /** What every image becomes. */
  readonly shape: ImageShape;
  readonly options: ConversionOptions;
  readonly exif: Exif;
  /** Who sets the shape, for messages. */
  readonly demand?: string;
}

/** An image to be decoded. */
export interface DecodeTask extends StoredImage {
  /** Hex SHA-256 of its bytes when the data were opened. */
  readonly sha256?: string;
  readonly edit?: ImageEdit;
}

/** Pixels in [0, 1], CHW; or why there are none. */
export type Decoded = { readonly pixels: Float32Array } | { readonly reason: string };

/** What decoding takes of a platform. */
export interface Decoder extends Pick<DataPlatform, 'sha256'> {
  readonly images: Pick<ImageFiles, 'read' | 'decode'>;
}

/** @throws misuse `image-shape`, `crop-too-large`; failure `data-changed`, `reading-failed` */
export async function decodeStored(task: DecodeTask, decoding: Decoding, decoder: Decoder): Promise<Decoded> {
  const { path, sha256, edit } = task;
  const { channels, shape, options, exif, demand } = decoding;
  let raw;
  try {
    const bytes = await bytesOf(task, decoder.images);
    if (contentHash(bytes, decoder) !== sha256) throw changed(path);
    raw = await decoder.images.decode(bytes, channels, exif);
  } catch (error) {
    return { reason: whyNot(error, path) };
  }
  const pixels =
    edit?.part === undefined
      ? convertImage(raw, options, convertedShape(raw.shape, options, shape, path, demand), path)
      : convertPart(raw, edit.part, options, shape, path);
  return { pixels: edit === undefined ? pixels : editPixels(pixels, shape, edit) };
}

function changed(path: string): Error {
  return failure({
    code: 'data-changed',
    subject: path,
    problem: 'is not the file any more that it was when the data were opened.',
    advice: 'Give the same command again when the data are left alone.',
  });
}
