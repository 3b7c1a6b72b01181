import { misuse } from '../errors/error.ts';
import { imageSize } from '../image/image.ts';
import type { ImageShape } from '../image/image.ts';
import { readElements } from './elements.ts';
import type { ElementType } from './elements.ts';
import type { RawImage } from './raw-image.ts';
import type { ValueRange } from './value-range.ts';

/** Where the images lie in a run of bytes: image i has its values at `start + i · stride`. */
export interface ArrayLayout {
  readonly start: number;
  readonly stride: number;
  readonly type: ElementType;
  readonly bigEndian?: boolean;
  /** Default: that of the type. */
  readonly range?: ValueRange;
  readonly shape: ImageShape;
  readonly order: RawImage['order'];
}

/**
 * Reads the dimensions of an array of images: N×H×W, N×C×H×W or N×H×W×C, with 1 or 3 channels or as many as the model
 * takes; N×D for flattened grey images of the model's size.
 * @param model shape that the model takes, if known; it decides where both ends could be the channels
 * @throws misuse `array-shape`
 */
export function imageDimensions(
  dimensions: readonly number[],
  model: ImageShape | undefined,
  subject: string,
): { shape: ImageShape; order: RawImage['order'] } {
  const [, a, b, c] = dimensions;
  if (dimensions.length === 2 && model?.channels === 1 && a === imageSize(model)) return { shape: model, order: 'chw' };
  const empty = dimensions.slice(1).includes(0);
  if (dimensions.length === 3 && !empty) return { shape: { channels: 1, height: a, width: b }, order: 'chw' };
  if (dimensions.length === 4 && !empty) {
    const possible = [
      { shape: { channels: a, height: b, width: c }, order: 'chw' as const },
      { shape: { channels: c, height: a, width: b }, order: 'hwc' as const },
    ].filter(({ shape }) => shape.channels === 1 || shape.channels === 3 || shape.channels === model?.channels);
    const fitting = possible.filter(({ shape }) => model !== undefined && sameShape(shape, model));
    if (fitting.length > 0) return fitting[0];
    if (possible.length === 1) return possible[0];
  }
  const written = dimensions.join('×') || '()';
  throw misuse({
    code: 'array-shape',
    subject,
    problem: `has dimensions ${written}; images are N×H×W, N×C×H×W or N×H×W×C with 1 or 3 channels.`,
    advice: 'Reshape the array before saving it.',
  });
}

/** The values of one image out of the bytes of its record. */
export function rawImage(bytes: Uint8Array, { type, bigEndian = false, shape, order, range }: ArrayLayout): RawImage {
  return { values: readElements(bytes, type, bigEndian), shape, order, range };
}

function sameShape(one: ImageShape, other: ImageShape): boolean {
  return one.channels === other.channels && one.height === other.height && one.width === other.width;
}
