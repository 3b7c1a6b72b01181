import type { ImageShape, LabelledImage } from '../image/image.ts';
import { allocatePixels } from '../image/pixels.ts';
import type { ConversionOptions } from './conversion.ts';
import { convertImage } from './conversion.ts';
import type { Size } from './geometry.ts';
import { stridesOf } from './raw-image.ts';
import type { RawImage } from './raw-image.ts';
import { resizeImage } from './resize.ts';
import type { ImageSource } from './source.ts';
import { BYTES, UNIT } from './value-range.ts';

/** A part of an image, in its pixels. */
export interface Region extends Size {
  readonly top: number;
  readonly left: number;
}

/** A change of an image's colours. 1 as the factor changes nothing. */
export interface ColourChange {
  readonly kind: 'brightness' | 'contrast' | 'saturation';
  readonly factor: number;
}

/** What training makes of an image before anything else, in this order. */
export interface ImageEdit {
  /** The part that is brought to size, of the image as it lies in its file. Default: as the source was opened. */
  readonly part?: Region;
  /** Left to right. */
  readonly mirrored: boolean;
  /** Whole pixels that the content is moved by, black coming in. */
  readonly right: number;
  readonly down: number;
  readonly colours: readonly ColourChange[];
  /** Added to red, green and blue. Values may leave [0, 1] by it. */
  readonly light?: readonly number[];
}

/**
 * What becomes of an image, by its `index` in the data set and its upright size in its file; of images that do not lie
 * in files of their own, by the size that the source gives them.
 */
export type EditOf = (index: number, size: Size) => ImageEdit;

/** Reads images and edits them: where the source can, while they are decoded, else here. */
export async function readEdited(
  source: ImageSource,
  positions: readonly number[],
  editOf: EditOf,
): Promise<LabelledImage[]> {
  if (source.readEdited !== undefined) return source.readEdited(positions, editOf);
  const images = await source.read(positions);
  return images.map((image) => ({
    ...image,
    pixels: editImage(image.pixels, source.shape, editOf(image.index, source.shape)),
  }));
}

/** An image edited, part and all; the same array where nothing is to be done. @param pixels in [0, 1], CHW */
export function editImage(pixels: Float32Array, shape: ImageShape, edit: ImageEdit): Float32Array {
  const { part } = edit;
  if (part === undefined) return editPixels(pixels, shape, edit);
  const raw: RawImage = { values: pixels, shape, order: 'chw' };
  return editPixels(convertPart(raw, part, {}, shape, 'image'), shape, edit);
}

/** A part of an image brought to a size: pixels in [0, 1], CHW. @throws misuse `pixel-range` */
export function convertPart(
  image: RawImage,
  part: Region,
  { colour }: Pick<ConversionOptions, 'colour'>,
  { height, width }: Size,
  subject: string,
): Float32Array {
  const range = image.range ?? (image.values instanceof Uint8Array ? BYTES : UNIT);
  return convertImage({ ...resizeImage(cutOut(image, part), height, width), range }, { colour }, undefined, subject);
}

function cutOut(image: RawImage, { top, left, height, width }: Region): RawImage {
  const { channels } = image.shape;
  const { channel, row, column } = stridesOf(image);
  const values = new Float32Array(channels * height * width);
  let out = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = top; y < top + height; y++) {
      let at = c * channel + y * row + left * column;
      for (let x = 0; x < width; x++, at += column) values[out++] = image.values[at];
    }
  }
  return { values, shape: { channels, height, width }, order: 'chw' };
}

/** What an edit makes of an image after its part; the same array where nothing is to be done. */
export function editPixels(
  pixels: Float32Array,
  shape: ImageShape,
  { mirrored, right, down, colours, light }: ImageEdit,
): Float32Array {
  const moved = mirrored || right !== 0 || down !== 0 ? mirrorAndShift(pixels, shape, mirrored, right, down) : pixels;
  if (colours.length === 0 && light === undefined) return moved;
  const own = moved === pixels ? copyOf(pixels) : moved;
  for (const change of colours) changeColours(own, shape, change);
  const plane = shape.height * shape.width;
  light?.forEach((value, c) => {
    for (let i = c * plane; i < (c + 1) * plane; i++) own[i] += value;
  });
  return own;
}

function copyOf(pixels: Float32Array): Float32Array {
  const copy = allocatePixels(pixels.length);
  copy.set(pixels);
  return copy;
}

/** Mirrors left to right where `flip` says so, then moves the content right by dx and down by dy. */
export function mirrorAndShift(
  image: Float32Array,
  shape: ImageShape,
  flip: boolean,
  dx: number,
  dy: number,
): Float32Array {
  const { channels, height, width } = shape;
  const result = new Float32Array(image.length);
  for (let c = 0; c < channels; c++) {
    for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y++) {
      const from = (c * height + y - dy) * width;
      const to = (c * height + y) * width;
      for (let x = Math.max(0, dx); x < Math.min(width, width + dx); x++) {
        const source = x - dx;
        result[to + x] = image[from + (flip ? width - 1 - source : source)];
      }
    }
  }
  return result;
}

/** Shares of red, green and blue in grey, as torchvision's ColorJitter has them. */
const GREY = [0.2989, 0.587, 0.114];

/**
 * In place: factor · image + (1 − factor) · other, clipped to [0, 1], where other is black (brightness), the mean grey
 * (contrast), or the grey of each pixel (saturation). torchvision's ColorJitter on tensors; there is no saturation in
 * one channel.
 */
function changeColours(pixels: Float32Array, { channels, height, width }: ImageShape, change: ColourChange): void {
  const { kind, factor } = change;
  const plane = height * width;
  const greyAt = (i: number): number =>
    channels === 3 ? GREY[0] * pixels[i] + GREY[1] * pixels[plane + i] + GREY[2] * pixels[2 * plane + i] : pixels[i];
  if (kind === 'saturation') {
    if (channels !== 3) return;
    for (let i = 0; i < plane; i++) {
      const other = (1 - factor) * greyAt(i);
      for (let at = i; at < 3 * plane; at += plane) pixels[at] = clipped(factor * pixels[at] + other);
    }
    return;
  }
  let sum = 0;
  if (kind === 'contrast') for (let i = 0; i < plane; i++) sum += greyAt(i);
  const other = ((1 - factor) * sum) / plane;
  for (let i = 0; i < pixels.length; i++) pixels[i] = clipped(factor * pixels[i] + other);
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
