import type { ImageShape } from '../../image/image.ts';
import type { RandomStream } from '../../random/stream.ts';

export interface FlipCrop {
  /** Mirror half of the images left to right. */
  readonly flip: boolean;
  /** Shift by up to so many whole pixels along each axis, black coming in (pad, then crop at random). */
  readonly crop: number;
}

/** The image, flipped and shifted as drawn for (index, epoch): the same array where nothing is to be done. */
export function flipCrop(
  image: Float32Array,
  shape: ImageShape,
  options: FlipCrop,
  stream: RandomStream,
  index: number,
  epoch: number,
): { readonly pixels: Float32Array; readonly mirrored: boolean } {
  const [f, u, v] = stream.uniform4(index, epoch);
  const mirrored = options.flip && f < 0.5;
  const span = 2 * options.crop + 1;
  const dx = Math.floor(u * span) - options.crop;
  const dy = Math.floor(v * span) - options.crop;
  return {
    pixels: mirrored || dx !== 0 || dy !== 0 ? mirrorAndShift(image, shape, mirrored, dx, dy) : image,
    mirrored,
  };
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
