import type { Affine, Pass } from './affine.ts';
import type { Padding } from './transformation.ts';

/** Where a tap at `position` reads, or −1 for outside. */
export function locate(position: number, length: number, padding: Padding): number {
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

/**
 * target[i] = Σ weights · source[taps], channel by channel: the forward pass, on the way of every candidate. As a
 * graph, which devices run (training/device/warp-graph.ts), 1,280 images of 32 px take 331 ms on one thread of a CPU,
 * so 113 ms (`npm run bench -- forms`, busy machine).
 *
 * Taps are computed and used at once, for three channels together: storing them costs more than computing them. Each
 * row falls into pixels whose four taps all lie inside of the image, which need no test, and the rest to the left and
 * right.
 */
export function resample(
  pass: Pick<Pass, 'from' | 'to'>,
  map: Affine,
  padding: Padding,
  channels: number,
  source: Float32Array,
  target: Float32Array,
  targetOffset: number,
): void {
  const sourcePlane = pass.from.height * pass.from.width;
  const targetPlane = pass.to.height * pass.to.width;
  for (let channel = 0; channel < channels;) {
    const together = channel + 3 <= channels ? 3 : 1;
    const from = channel * sourcePlane;
    const to = targetOffset + channel * targetPlane;
    resampleRows(pass, map, to, { source, from, padding, channels: together, target });
    channel += together;
  }
}

/** What one or three channels of an image are resampled from, to and by; the same for all rows. */
interface Resampling {
  readonly source: Float32Array;
  /** Where the first channel begins in the source. */
  readonly from: number;
  readonly height: number;
  readonly width: number;
  readonly padding: Padding;
  readonly channels: 1 | 3;
  readonly target: Float32Array;
  /** Pixels from a channel to the next in the target. */
  readonly step: number;
  /** How far x and y in the source go with each pixel of a row. */
  readonly a: number;
  readonly c: number;
}

function resampleRows(
  pass: Pick<Pass, 'from' | 'to'>,
  [a, b, e, c, d, f]: Affine,
  to: number,
  planes: Omit<Resampling, 'height' | 'width' | 'step' | 'a' | 'c'>,
): void {
  const { height, width } = pass.from;
  const columns = pass.to.width;
  const { source, from, padding, channels, target } = planes;
  const step = pass.to.height * columns;
  const resampling: Resampling = { source, from, height, width, padding, channels, target, step, a, c };
  const resampleInside = channels === 3 ? resampleThree : resampleOne;
  for (let y = 0, o = to; y < pass.to.height; y++, o += columns) {
    const xRow = b * y + e;
    const yRow = d * y + f;
    let first = Math.max(0, begin(a, xRow, width - 1), begin(c, yRow, height - 1));
    let last = Math.min(columns, end(a, xRow, width - 1), end(c, yRow, height - 1));
    // Rounding may have put an end one off. The coordinates run one way along the row, so testing the ends is enough.
    while (first < last && !isInside(a * first + xRow, c * first + yRow, width, height)) first++;
    while (first < last && !isInside(a * (last - 1) + xRow, c * (last - 1) + yRow, width, height)) last--;
    if (first >= last) first = last = columns;
    resampleOutside(resampling, 0, first, xRow, yRow, o);
    resampleInside(resampling, first, last, xRow, yRow, o);
    resampleOutside(resampling, last, columns, xRow, yRow, o);
  }
}

/** Least x with 0 ≤ slope · x + offset < limit, if there is any. */
function begin(slope: number, offset: number, limit: number): number {
  if (slope === 0) return offset >= 0 && offset < limit ? -Infinity : Infinity;
  return slope > 0 ? Math.ceil(-offset / slope) : Math.floor((limit - offset) / slope) + 1;
}

/** One more than the greatest x with 0 ≤ slope · x + offset < limit, if there is any. */
function end(slope: number, offset: number, limit: number): number {
  if (slope === 0) return offset >= 0 && offset < limit ? Infinity : -Infinity;
  return slope > 0 ? Math.ceil((limit - offset) / slope) : Math.floor(-offset / slope) + 1;
}

/** Whether all four taps lie inside of the image. */
function isInside(xIn: number, yIn: number, width: number, height: number): boolean {
  return xIn >= 0 && yIn >= 0 && xIn < width - 1 && yIn < height - 1;
}

/** Pixels [first, last) of a row, whose taps all lie inside of the image; of one channel. */
function resampleOne(
  { source, from, width, target, a, c }: Resampling,
  first: number,
  last: number,
  xRow: number,
  yRow: number,
  row: number,
): void {
  for (let x = first; x < last; x++) {
    const xIn = a * x + xRow;
    const yIn = c * x + yRow;
    const x0 = xIn | 0;
    const y0 = yIn | 0;
    const fx = xIn - x0;
    const i = from + y0 * width + x0;
    const j = i + width;
    const v00 = source[i];
    const v10 = source[j];
    const upper = v00 + fx * (source[i + 1] - v00);
    const lower = v10 + fx * (source[j + 1] - v10);
    target[row + x] = upper + (yIn - y0) * (lower - upper);
  }
}

/** As `resampleOne`, of three channels. */
function resampleThree(
  { source, from, height, width, target, step, a, c }: Resampling,
  first: number,
  last: number,
  xRow: number,
  yRow: number,
  row: number,
): void {
  const plane = height * width;
  for (let x = first, o = row + first; x < last; x++, o++) {
    const xIn = a * x + xRow;
    const yIn = c * x + yRow;
    const x0 = xIn | 0;
    const y0 = yIn | 0;
    const fx = xIn - x0;
    const fy = yIn - y0;
    const w00 = (1 - fx) * (1 - fy);
    const w01 = fx * (1 - fy);
    const w10 = (1 - fx) * fy;
    const w11 = fx * fy;
    let i = from + y0 * width + x0;
    let j = i + width;
    target[o] = w00 * source[i] + w01 * source[i + 1] + w10 * source[j] + w11 * source[j + 1];
    i += plane;
    j += plane;
    target[o + step] = w00 * source[i] + w01 * source[i + 1] + w10 * source[j] + w11 * source[j + 1];
    i += plane;
    j += plane;
    target[o + 2 * step] = w00 * source[i] + w01 * source[i + 1] + w10 * source[j] + w11 * source[j + 1];
  }
}

/** Pixels [first, last) of a row, of which at least one tap may lie outside of the image. */
function resampleOutside(
  { source, from, height, width, padding, channels, target, step, a, c }: Resampling,
  first: number,
  last: number,
  xRow: number,
  yRow: number,
  row: number,
): void {
  const isBlack = padding === 'zeros';
  const plane = height * width;
  for (let x = first, o = row + first; x < last; x++, o++) {
    const xIn = a * x + xRow;
    const yIn = c * x + yRow;
    if (isBlack && (xIn <= -1 || yIn <= -1 || xIn >= width || yIn >= height)) {
      for (let channel = 0; channel < channels; channel++) target[o + channel * step] = 0;
      continue;
    }
    const x0 = Math.floor(xIn);
    const y0 = Math.floor(yIn);
    const left = isBlack ? x0 : locate(x0, width, padding);
    const right = isBlack ? x0 + 1 : locate(x0 + 1, width, padding);
    const upper = isBlack ? y0 : locate(y0, height, padding);
    const lower = isBlack ? y0 + 1 : locate(y0 + 1, height, padding);
    // A tap outside of a black-padded image reads 0: its weight is 0 and its position of no matter.
    const wLeft = left < 0 ? 0 : 1 - (xIn - x0);
    const wRight = right >= width ? 0 : xIn - x0;
    const wUpper = upper < 0 ? 0 : 1 - (yIn - y0);
    const wLower = lower >= height ? 0 : yIn - y0;
    const l = left < 0 ? 0 : left;
    const r = right >= width ? 0 : right;
    const i = from + (upper < 0 ? 0 : upper) * width;
    const j = from + (lower >= height ? 0 : lower) * width;
    for (let channel = 0, base = 0; channel < channels; channel++, base += plane) {
      target[o + channel * step] =
        wLeft * wUpper * source[base + i + l] +
        wRight * wUpper * source[base + i + r] +
        wLeft * wLower * source[base + j + l] +
        wRight * wLower * source[base + j + r];
    }
  }
}

/** The adjoint of `resample`: target[taps] += Σ weights · gradient[i]. `target` must hold zeros or what to add to. */
export function resampleAdjoint(
  pass: Pass,
  [a, b, e, c, d, f]: Affine,
  padding: Padding,
  channels: number,
  gradient: Float32Array,
  target: Float32Array,
): void {
  const { height, width } = pass.from;
  const plane = height * width;
  const pixels = pass.to.height * pass.to.width;
  for (let y = 0, i = 0; y < pass.to.height; y++) {
    const xRow = b * y + e;
    const yRow = d * y + f;
    for (let x = 0; x < pass.to.width; x++, i++) {
      const xIn = a * x + xRow;
      const yIn = c * x + yRow;
      const x0 = Math.floor(xIn);
      const y0 = Math.floor(yIn);
      if (padding === 'zeros' && (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height)) continue;
      const fx = xIn - x0;
      const fy = yIn - y0;
      for (let tap = 0; tap < 4; tap++) {
        const right = tap & 1;
        const lower = tap >> 1;
        const column = locate(x0 + right, width, padding);
        const row = locate(y0 + lower, height, padding);
        if (column < 0 || row < 0) continue;
        const weight = (right ? fx : 1 - fx) * (lower ? fy : 1 - fy);
        const position = row * width + column;
        for (let channel = 0; channel < channels; channel++)
          target[channel * plane + position] += weight * gradient[channel * pixels + i];
      }
    }
  }
}

/**
 * Derivative of Σ gradient · resample(source) by parameters of the affine map:
 * ∂v/∂x = (1 − fy)(v₀₁ − v₀₀) + fy (v₁₁ − v₁₀), ∂v/∂y = (1 − fx)(v₁₀ − v₀₀) + fx (v₁₁ − v₀₁), taps outside reading the
 * fill, times the derivative of the map.
 *
 * @param maps derivatives of the map's coefficients, one for each parameter
 * @returns one number for each parameter
 */
export function resampleDerivative(
  pass: Pass,
  [a, b, e, c, d, f]: Affine,
  maps: readonly Affine[],
  padding: Padding,
  channels: number,
  source: Float32Array,
  gradient: Float32Array,
): number[] {
  const { height, width } = pass.from;
  const plane = height * width;
  const pixels = pass.to.height * pass.to.width;
  const sums = new Float64Array(maps.length);
  for (let y = 0, i = 0; y < pass.to.height; y++) {
    const xRow = b * y + e;
    const yRow = d * y + f;
    for (let x = 0; x < pass.to.width; x++, i++) {
      const xIn = a * x + xRow;
      const yIn = c * x + yRow;
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
