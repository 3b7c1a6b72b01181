/** Channels, height and width of an image in pixels. Pixels are stored channel by channel, row by row (CHW). */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** One image of a data set. */
export interface LabelledImage {
  /** Position in the data set (before any limit, offset or exclusion): the identity under which randomness is drawn. */
  readonly index: number;
  /** True class, 0-based. */
  readonly label: number;
  /** Its file, relative to the data set, with `/`; absent of images that have none of their own. */
  readonly file?: string;
  /** Raw pixels in [0, 1], CHW, RGB order where there are three channels. May lie on shared memory. */
  readonly pixels: Float32Array;
}

/** Number of values in an image of this shape. */
export function imageSize(shape: ImageShape): number {
  return shape.channels * shape.height * shape.width;
}

/** `3×32×32`, the form in which messages name a shape. */
export function describeShape(shape: ImageShape): string {
  return `${shape.channels}×${shape.height}×${shape.width}`;
}
