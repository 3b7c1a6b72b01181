import type { Affine, Pass } from './affine.ts';
import { gather, gatherAdjoint, type Sources } from './gather.ts';
import { locate } from './resample.ts';
import type { Padding } from './transformation.ts';

/**
 * What each output pixel shows: the pixel (⌊x + ½⌋, ⌊y + ½⌋) of p_in, or the fill. `Math.round` is this function
 * without the rounding error of the sum.
 */
function nearestSources(
  { from: { height, width }, to }: Pick<Pass, 'from' | 'to'>,
  [a, b, e, c, d, f]: Affine,
  padding: Padding,
): Sources {
  const sources = new Int32Array(to.height * to.width);
  for (let y = 0, i = 0; y < to.height; y++) {
    const xRow = b * y + e;
    const yRow = d * y + f;
    for (let x = 0; x < to.width; x++, i++) {
      const column = locate(Math.round(a * x + xRow), width, padding);
      const row = locate(Math.round(c * x + yRow), height, padding);
      sources[i] = column < 0 || row < 0 ? -1 : row * width + column;
    }
  }
  return sources;
}

/** `resample` with the nearest pixel in place of four taps. */
export function resampleNearest(
  pass: Pick<Pass, 'from' | 'to'>,
  map: Affine,
  padding: Padding,
  channels: number,
  source: Float32Array,
  target: Float32Array,
  targetOffset: number,
): void {
  const { height, width } = pass.from;
  gather(nearestSources(pass, map, padding), channels, source, height * width, target, targetOffset);
}

/** The adjoint of `resampleNearest`, as `resampleAdjoint`. */
export function nearestAdjoint(
  pass: Pass,
  map: Affine,
  padding: Padding,
  channels: number,
  gradient: Float32Array,
  target: Float32Array,
): void {
  const { height, width } = pass.from;
  gatherAdjoint(nearestSources(pass, map, padding), channels, gradient, target, height * width);
}
