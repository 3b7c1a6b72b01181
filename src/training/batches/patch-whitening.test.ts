import { expect, it } from 'vitest';
import { randomStream } from '../../random/stream.ts';
import { patchWhitening } from './patch-whitening.ts';

const [channels, side, size] = [2, 12, 3];
const length = channels * size * size;
const stream = randomStream(0, 'patches');
const normalisation = { mean: [0.4, 0.6], std: [0.2, 0.1] };

/** Smooth images: neighbours and channels of each are alike, so that patches are far from white. */
const images = Array.from({ length: 60 }, (_, index) => {
  const noise = Array.from({ length: side * side }, (_, i) => stream.normal4(index * side * side + i)[0]);
  const pixels = new Float32Array(channels * side * side);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < side * side; i++) {
      const at = (j: number): number => noise[Math.min(side * side - 1, j)];
      pixels[c * side * side + i] =
        0.5 + 0.1 * (at(i) + at(i + 1) + at(i + side)) + 0.05 * stream.normal4(i, index + 1)[c];
    }
  }
  return { pixels, label: 0, index };
});
const data = {
  shape: { channels, height: side, width: side },
  read: (positions: readonly number[]) => Promise.resolve(positions.map((i) => images[i])),
};

it('gives filters to which the patches respond uncorrelated and equally strong, and their negatives', async () => {
  const flat = await patchWhitening(data as never, Uint32Array.from(images.keys()), normalisation, size);
  const filters = Array.from({ length: flat.length / length }, (_, i) => flat.slice(i * length, (i + 1) * length));
  expect(filters).toHaveLength(32);
  filters.slice(16).forEach((filter, i) => expect(filter).toEqual(filters[i].map((value) => -value)));

  const second = Array.from({ length: 16 }, () => new Float64Array(16));
  let count = 0;
  for (const { pixels } of images) {
    for (let y = 0; y < side; y += size) {
      for (let x = 0; x < side; x += size) {
        const patch = Array.from({ length }, (_, i) => {
          const c = Math.floor(i / 9);
          return (
            (pixels[(c * side + y + (Math.floor(i / 3) % 3)) * side + x + (i % 3)] - normalisation.mean[c]) /
            normalisation.std[c]
          );
        });
        const responses = filters
          .slice(0, 16)
          .map((filter) => filter.reduce((sum, value, i) => sum + value * patch[i], 0));
        responses.forEach((a, i) =>
          responses.forEach((b, j) => {
            second[i][j] += a * b;
          }),
        );
        count++;
      }
    }
  }
  // A variance v becomes v / (v + 0.001).
  second.forEach((row, i) =>
    row.forEach((sum, j) => {
      if (i === j) expect(sum / count).toBeGreaterThan(0.97);
      expect(Math.abs(sum / count - (i === j ? 1 : 0))).toBeLessThan(0.03);
    }),
  );
});
