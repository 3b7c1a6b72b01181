import type { ImageSource } from '../../data/source.ts';
import { spacedImages } from './sample.ts';

/** By channel, of raw pixels in [0, 1]: what a network subtracts and divides by before anything else. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Filters of the first layer, where the architecture takes them from the data: see `patchWhitening`. */
  readonly whitening?: readonly number[];
}

/** Images that mean and standard deviation are taken from: enough for three digits, few enough to decode at once. */
const SAMPLE = 5000;

/** Mean and standard deviation of the raw pixels by channel, over up to 5,000 of the given positions, evenly spaced. */
export async function channelStatistics(data: ImageSource, positions: Uint32Array): Promise<Normalisation> {
  const { channels, height, width } = data.shape;
  const area = height * width;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let count = 0;
  for await (const { pixels } of spacedImages(data, positions, SAMPLE)) {
    count++;
    for (let c = 0; c < channels; c++) {
      for (let i = c * area; i < (c + 1) * area; i++) {
        sums[c] += pixels[i];
        squares[c] += pixels[i] * pixels[i];
      }
    }
  }
  const mean = [...sums].map((s) => s / (count * area));
  const std = [...squares].map((s, c) => Math.sqrt(Math.max(1e-6, s / (count * area) - mean[c] ** 2)));
  return { mean, std };
}
