import { stridesOf } from './raw-image.ts';
import type { RawImage } from './raw-image.ts';

/** For each output position the first input position and the weights of it and its followers. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/**
 * Bilinear resizing with antialiasing, rows before columns: what Pillow's and PyTorch's `Resize` do, with which most
 * models were trained. Half-pixel centres; when shrinking, the triangle filter widens by the scale s = in / out:
 *   w(x) ∝ max(0, 1 − |x + 1/2 − (X + 1/2) s| / max(s, 1)), normalised over the taps inside the image.
 * (Pillow, `Resample.c`, `precompute_coeffs`.) libvips is no substitute: its enlarging is off by a fraction of a pixel.
 * @returns values on the scale of the input, CHW
 */
export function resizeImage(image: RawImage, height: number, width: number): RawImage {
  const { values, shape } = image;
  const strides = stridesOf(image);
  const across = triangleTaps(shape.width, width);
  const down = triangleTaps(shape.height, height);
  const rows = new Float32Array(shape.height * width);
  const resized = new Float32Array(shape.channels * height * width);
  for (let channel = 0; channel < shape.channels; channel++) {
    for (let y = 0; y < shape.height; y++) {
      const row = channel * strides.channel + y * strides.row;
      for (let x = 0; x < width; x++) {
        const weights = across.weights[x];
        let at = row + across.first[x] * strides.column;
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++, at += strides.column) sum += weights[tap] * values[at];
        rows[y * width + x] = sum;
      }
    }
    for (let y = 0; y < height; y++) {
      const weights = down.weights[y];
      const out = (channel * height + y) * width;
      for (let x = 0; x < width; x++) {
        let at = down.first[y] * width + x;
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++, at += width) sum += weights[tap] * rows[at];
        resized[out + x] = sum;
      }
    }
  }
  return { values: resized, shape: { ...shape, height, width }, order: 'chw' };
}

function triangleTaps(input: number, output: number): Taps {
  const scale = input / output;
  const support = Math.max(scale, 1);
  const first = new Int32Array(output);
  const weights = Array.from({ length: output }, (_, position) => {
    const centre = (position + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(input, Math.trunc(centre + support + 0.5));
    first[position] = from;
    const taps = Float64Array.from({ length: to - from }, (_, tap) =>
      Math.max(0, 1 - Math.abs(from + tap + 0.5 - centre) / support),
    );
    const sum = taps.reduce((total, weight) => total + weight, 0);
    return taps.map((weight) => weight / sum);
  });
  return { first, weights };
}
