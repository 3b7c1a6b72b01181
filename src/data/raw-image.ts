import type { ImageShape } from '../image/image.ts';
import type { Elements } from './elements.ts';
import type { ValueRange } from './value-range.ts';

/** An image as a file or an array holds it. */
export interface RawImage {
  readonly values: Elements;
  readonly shape: ImageShape;
  /** Channel by channel, or pixel by pixel. */
  readonly order: 'chw' | 'hwc';
  /** Default: bytes count from 0 to 255, floats from 0 to 1. */
  readonly range?: ValueRange;
}

/** Distances in `values` from a channel, row or column to the next. */
export interface Strides {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export function stridesOf({ shape, order }: RawImage): Strides {
  return order === 'chw'
    ? { channel: shape.height * shape.width, row: shape.width, column: 1 }
    : { channel: 1, row: shape.width * shape.channels, column: shape.channels };
}
