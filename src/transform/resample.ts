import type { Affine, Pass } from './affine.ts';
import type { Padding } from './transformation.ts';

/** For every output pixel the four input pixels that bilinear interpolation reads, and their weights. */
export interface Taps {
  /** Positions inside a channel, four for each output pixel. */
  readonly offsets: Int32Array;
  /** Zero where the tap lies outside of the image and reads the fill value 0. */
  readonly weights: Float64Array;
}

/** Where a tap at `position` reads, or −1 for outside. */
function locate(position: number, length: number, padding: Padding): number {
  if (position >= 0 && position < length) return position;
  switch (padding) {
    case 'zeros':
      return -1;
    case 'edge':
      return position < 0 ? 0 : length - 1;
    case 'reflect': {
      // Mirror at the centres of the border pixels: … 2 1 | 0 1 2 … n−1 | n−2 …
      if (length === 1) return 0;
      const period = 2 * (length - 1);
      const folded = ((position % period) + period) % period;
      return folded < length ? folded : period - folded;
    }
  }
}

/** The taps of one resampling. */
export function computeTaps(pass: Pass, [a, b, e, c, d, f]: Affine, padding: Padding): Taps {
  const { height, width } = pass.from;
  const pixels = pass.to.height * pass.to.width;
  const offsets = new Int32Array(4 * pixels);
  const weights = new Float64Array(4 * pixels);
  let k = 0;
  for (let y = 0; y < pass.to.height; y++) {
    for (let x = 0; x < pass.to.width; x++, k += 4) {
      const xIn = a * x + b * y + e;
      const yIn = c * x + d * y + f;
      const x0 = Math.floor(xIn);
      const y0 = Math.floor(yIn);
      const fx = xIn - x0;
      const fy = yIn - y0;
      if (x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height) {
        const first = y0 * width + x0;
        offsets[k] = first;
        offsets[k + 1] = first + 1;
        offsets[k + 2] = first + width;
        offsets[k + 3] = first + width + 1;
        weights[k] = (1 - fx) * (1 - fy);
        weights[k + 1] = fx * (1 - fy);
        weights[k + 2] = (1 - fx) * fy;
        weights[k + 3] = fx * fy;
        continue;
      }
      if (padding === 'zeros' && (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height)) continue;
      for (let tap = 0; tap < 4; tap++) {
        const right = tap & 1;
        const lower = tap >> 1;
        const column = locate(x0 + right, width, padding);
        const row = locate(y0 + lower, height, padding);
        if (column < 0 || row < 0) continue;
        offsets[k + tap] = row * width + column;
        weights[k + tap] = (right ? fx : 1 - fx) * (lower ? fy : 1 - fy);
      }
    }
  }
  return { offsets, weights };
}

/** target[i] = Σ weights · source[offsets], channel by channel. */
export function resample(
  taps: Taps, channels: number, source: Float32Array, sourceOffset: number, sourcePlane: number, target: Float32Array, targetOffset: number,
): void {
  const { offsets, weights } = taps;
  const pixels = offsets.length >> 2;
  for (let channel = 0; channel < channels; channel++) {
    const from = sourceOffset + channel * sourcePlane;
    const to = targetOffset + channel * pixels;
    for (let i = 0, k = 0; i < pixels; i++, k += 4) {
      target[to + i] =
        weights[k] * source[from + offsets[k]] + weights[k + 1] * source[from + offsets[k + 1]] +
        weights[k + 2] * source[from + offsets[k + 2]] + weights[k + 3] * source[from + offsets[k + 3]];
    }
  }
}

/** The adjoint of `resample`: target[offsets] += Σ weights · gradient[i]. `target` must hold zeros or what to add to. */
export function resampleAdjoint(taps: Taps, channels: number, gradient: Float32Array, target: Float32Array, targetPlane: number): void {
  const { offsets, weights } = taps;
  const pixels = offsets.length >> 2;
  for (let channel = 0; channel < channels; channel++) {
    const to = channel * targetPlane;
    const from = channel * pixels;
    for (let i = 0, k = 0; i < pixels; i++, k += 4) {
      const g = gradient[from + i];
      for (let tap = k; tap < k + 4; tap++) target[to + offsets[tap]] += weights[tap] * g;
    }
  }
}

/**
 * Derivative of Σ gradient · resample(source) by parameters of the affine map:
 * ∂v/∂x = (1 − fy)(v₀₁ − v₀₀) + fy (v₁₁ − v₁₀), ∂v/∂y = (1 − fx)(v₁₀ − v₀₀) + fx (v₁₁ − v₀₁), taps outside reading the fill,
 * times the derivative of the map.
 *
 * @param maps derivatives of the map's coefficients, one for each parameter
 * @returns one number for each parameter
 */
export function resampleDerivative(
  pass: Pass, [a, b, e, c, d, f]: Affine, maps: readonly Affine[], padding: Padding, channels: number, source: Float32Array, gradient: Float32Array,
): number[] {
  const { height, width } = pass.from;
  const plane = height * width;
  const pixels = pass.to.height * pass.to.width;
  const sums = new Float64Array(maps.length);
  for (let y = 0, i = 0; y < pass.to.height; y++) {
    for (let x = 0; x < pass.to.width; x++, i++) {
      const xIn = a * x + b * y + e;
      const yIn = c * x + d * y + f;
      const x0 = Math.floor(xIn);
      const y0 = Math.floor(yIn);
      if (padding === 'zeros' && (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height)) continue;
      const fx = xIn - x0;
      const fy = yIn - y0;
      const left = locate(x0, width, padding);
      const right = locate(x0 + 1, width, padding);
      const upper = locate(y0, height, padding);
      const lower = locate(y0 + 1, height, padding);
      let byX = 0;
      let byY = 0;
      for (let channel = 0; channel < channels; channel++) {
        const from = channel * plane;
        const v00 = left < 0 || upper < 0 ? 0 : source[from + upper * width + left];
        const v01 = right < 0 || upper < 0 ? 0 : source[from + upper * width + right];
        const v10 = left < 0 || lower < 0 ? 0 : source[from + lower * width + left];
        const v11 = right < 0 || lower < 0 ? 0 : source[from + lower * width + right];
        const g = gradient[channel * pixels + i];
        byX += g * ((1 - fy) * (v01 - v00) + fy * (v11 - v10));
        byY += g * ((1 - fx) * (v10 - v00) + fx * (v11 - v01));
      }
      for (let p = 0; p < maps.length; p++) {
        const map = maps[p];
        sums[p] += byX * (map[0] * x + map[1] * y + map[2]) + byY * (map[3] * x + map[4] * y + map[5]);
      }
    }
  }
  return [...sums];
}
