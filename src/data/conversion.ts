import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { describeShape, imageSize } from '../image/image.ts';
import type { ImageShape } from '../image/image.ts';
import { allocatePixels } from '../image/pixels.ts';
import { planGeometry } from './geometry.ts';
import type { GeometryOptions, Size } from './geometry.ts';
import { stridesOf } from './raw-image.ts';
import type { RawImage } from './raw-image.ts';
import { resizeImage } from './resize.ts';
import { BYTES, ROUNDING, UNIT } from './value-range.ts';

/** What is done to every image of a data set; without any of these, images stay as they are. */
export interface ConversionOptions extends GeometryOptions {
  /**
   * `grey`: colour images to one channel (ITU-R 601 luma); `rgb`: grey images to three equal channels. Default `keep`.
   */
  readonly colour?: 'keep' | 'grey' | 'rgb';
}

/**
 * The shape that an image of shape `from` gets.
 * @param model shape that the model takes, if known
 * @param demand who sets that shape, for the message
 * @throws misuse `image-shape` where the result is not what the model takes; the message says which option helps
 */
export function convertedShape(
  from: ImageShape,
  options: ConversionOptions,
  model: ImageShape | undefined,
  subject: string,
  demand = 'the model takes',
): ImageShape {
  const { size } = planGeometry(from, options, model, subject);
  const to = { channels: convertedChannels(from.channels, options.colour), ...size };
  if (
    model !== undefined &&
    (to.channels !== model.channels || to.height !== model.height || to.width !== model.width)
  ) {
    throw shapeError(to, model, subject, demand);
  }
  return to;
}

/**
 * Pixels in [0, 1], CHW, on shared memory.
 * @throws misuse `pixel-range` for floats outside [0, 1]; `crop-too-large`
 */
export function convertImage(
  image: RawImage,
  options: ConversionOptions,
  model: Size | undefined,
  subject: string,
): Float32Array {
  const { resized, top, left, size } = planGeometry(image.shape, options, model, subject);
  const source = resized === undefined ? image : resizeImage(image, resized.height, resized.width);
  const { black, white } = image.range ?? (image.values instanceof Uint8Array ? BYTES : UNIT);
  const scale = white - black;
  const cut = { channels: image.shape.channels, ...size };
  const channels = convertedChannels(cut.channels, options.colour);
  const kept = channels === cut.channels;
  const pixels = kept ? allocatePixels(imageSize(cut)) : new Float32Array(imageSize(cut));
  const strides = stridesOf(source);
  let out = 0;
  for (let channel = 0; channel < cut.channels; channel++) {
    for (let y = 0; y < cut.height; y++) {
      let at = channel * strides.channel + (top + y) * strides.row + left * strides.column;
      for (let x = 0; x < cut.width; x++, at += strides.column) pixels[out++] = (source.values[at] - black) / scale;
    }
  }
  if (white !== BYTES.white || !(image.values instanceof Uint8Array)) clipRounding(pixels, subject);
  if (kept) return pixels;
  const recoloured = allocatePixels(channels * size.height * size.width);
  if (channels === 1) greyFromRgb(pixels, recoloured);
  else for (let channel = 0; channel < channels; channel++) recoloured.set(pixels, channel * pixels.length);
  return recoloured;
}

function convertedChannels(channels: number, colour: ConversionOptions['colour']): number {
  if (colour === 'grey' && channels === 3) return 1;
  if (colour === 'rgb' && channels === 1) return 3;
  return channels;
}

/** Luma of ITU-R BT.601, as Pillow's mode `L`. */
function greyFromRgb(rgb: Float32Array, grey: Float32Array): void {
  const plane = grey.length;
  for (let at = 0; at < plane; at++) grey[at] = 0.299 * rgb[at] + 0.587 * rgb[plane + at] + 0.114 * rgb[2 * plane + at];
}

function clipRounding(pixels: Float32Array, subject: string): void {
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at];
    if (value >= 0 && value <= 1) continue;
    if (!(value >= -ROUNDING && value <= 1 + ROUNDING)) {
      throw misuse({
        code: 'pixel-range',
        subject,
        problem: `has a pixel of value ${value}; pixels lie in [0, 1].`,
      });
    }
    pixels[at] = value < 0 ? 0 : 1;
  }
}

function shapeError(images: ImageShape, model: ImageShape, subject: string, demand: string) {
  const advice: string[] = [];
  if (images.channels === 3 && model.channels === 1)
    advice.push(`${optionWords('colour', 'grey')} turns colour images grey.`);
  else if (images.channels === 1 && model.channels === 3)
    advice.push(`${optionWords('colour', 'rgb')} repeats grey images in three channels.`);
  else if (images.channels !== model.channels) advice.push('No option converts between these channels.');
  if (images.height !== model.height || images.width !== model.width) {
    const square = model.height === model.width;
    advice.push(
      square
        ? `${optionWords('resize', model.height)} brings the shorter side to ${model.height} px and cuts the centre.`
        : `${optionWords('resize', `${model.height}x${model.width}`)} brings images to that size.`,
    );
    if (square && model.height <= Math.min(images.height, images.width))
      advice.push(`${optionWords('crop', model.height)} only cuts the centre.`);
  }
  return misuse({
    code: 'image-shape',
    subject,
    problem: `images are ${describeShape(images)} (channels×height×width), ${demand} ${describeShape(model)}.`,
    advice: advice.join(' '),
  });
}
