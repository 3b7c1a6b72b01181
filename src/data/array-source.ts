import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { misuse } from '../errors/error.ts';
import { describeShape, imageSize } from '../image/image.ts';
import type { ImageShape } from '../image/image.ts';
import { allocatePixels } from '../image/pixels.ts';
import { numberLabelling } from './labelling.ts';
import { checkLabels } from './labels.ts';
import { checkPositions } from './positions.ts';
import type { ImageSource } from './source.ts';

/** Images in memory with their labels. */
export interface ArrayData {
  /** One array for each image: pixels in [0, 1], CHW. */
  readonly images: readonly Float32Array[];
  /** True class of each image, 0-based. */
  readonly labels: readonly number[];
  readonly shape: ImageShape;
  /** How reports name the data. Default `images in memory`. */
  readonly name?: string;
  readonly classNames?: readonly string[];
  /** Number of classes. Default: of the class names, else the largest label plus one. */
  readonly classes?: number;
}

/**
 * A source of images that are already in memory. Images that do not lie on shared memory are copied to it.
 * @throws misuse `count-mismatch`, `image-shape`, `pixel-range`, `label-out-of-range` or `empty-data`
 */
export function arraySource(data: ArrayData): ImageSource {
  const { labels, shape, name = 'images in memory', classNames } = data;
  if (data.images.length !== labels.length) {
    throw misuse({
      code: 'count-mismatch',
      subject: name,
      problem: `${data.images.length} images but ${labels.length} labels.`,
    });
  }
  if (labels.length === 0) throw misuse({ code: 'empty-data', subject: name, problem: 'there are no images.' });
  const images = data.images.map((pixels, position) => sharedImage(pixels, shape, `${name}, image ${position}`));
  const classes = checkLabels(labels, name, data.classes ?? classNames?.length);
  return {
    name,
    length: labels.length,
    shape,
    classNames,
    classes,
    labelling: numberLabelling(labels, data.classes ?? classNames?.length),
    fingerprint: fingerprintArrays(images, labels, shape),
    async read(positions) {
      checkPositions(positions, labels.length, name);
      return positions.map((index) => ({ index, label: labels[index], pixels: images[index] }));
    },
    async close() {},
  };
}

function sharedImage(pixels: Float32Array, shape: ImageShape, subject: string): Float32Array {
  if (pixels.length !== imageSize(shape)) {
    throw misuse({
      code: 'image-shape',
      subject,
      problem: `has ${pixels.length} values; ${describeShape(shape)} takes ${imageSize(shape)}.`,
    });
  }
  const outside = pixels.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw misuse({
      code: 'pixel-range',
      subject,
      problem: `has a pixel of value ${outside}; pixels lie in [0, 1].`,
      advice: 'Divide 8-bit values by 255, and leave normalisation to the model options.',
    });
  }
  if (typeof SharedArrayBuffer === 'undefined' || pixels.buffer instanceof SharedArrayBuffer) return pixels;
  const shared = allocatePixels(pixels.length);
  shared.set(pixels);
  return shared;
}

function fingerprintArrays(images: readonly Float32Array[], labels: readonly number[], shape: ImageShape): string {
  const hash = sha256.create();
  hash.update(new TextEncoder().encode(JSON.stringify({ shape, labels })));
  for (const pixels of images) hash.update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  return bytesToHex(hash.digest());
}
