import { Tensor } from 'onnxruntime-common';
import { expect, it } from 'vitest';
import type { ProbedDescription } from './description.ts';
import { preprocessingOptions, usualPreprocessing } from './usual-preprocessing.ts';
import type { Session } from '../runtime/runtime.ts';
import { byLikelihood, tryFeedings } from './try-feedings.ts';

const SHAPE = { channels: 3, height: 1, width: 1 };
const description: ProbedDescription = {
  input: { name: 'x', type: 'float32', layout: 'nchw', shape: SHAPE, dims: [3, 1, 1], batch: 'free' },
  output: { name: 'y', kind: 'logits', width: 4, labelOffset: 0 },
};

/**
 * Four classes, of which the first is that of no object: it answers blue, green or red by the largest of its inputs,
 * as it was trained: ImageNet's normalisation, blue first.
 */
const session = {
  async run({ x }: Record<string, Tensor>) {
    const rows = x.dims[0];
    const scores = new Float32Array(rows * 4).fill(-9);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < 3; c++) scores[row * 4 + 1 + c] = 4 * (x.data as Float32Array)[row * 3 + c];
    return { y: new Tensor('float32', scores, [rows, 4]) };
  },
} as unknown as Session;

// Grey images, whose largest value only the normalisation brings out: (v − mean) / std of blue, green, red.
const colours = [
  [0.42, 0.46, 0.48],
  [0.44, 0.52, 0.43],
  [0.62, 0.47, 0.4],
];
const images = colours.map((pixels, index) => ({ index, label: index, pixels: Float32Array.from(pixels) }));

it('finds scale, mean, deviation, order of channels and label offset that a model was trained with', async () => {
  const trials = await tryFeedings(session, description, images, usualPreprocessing(description.input), [0, 1, -1]);
  expect(trials).toHaveLength(20 * 3);
  const [best] = trials.toSorted(byLikelihood);
  expect(best).toMatchObject({ labelOffset: 1, correct: 3, n: 3 });
  expect(best.preprocessing.bgr).toBe(true);
});

it('spells a way of feeding in options, and a plain one in none', () => {
  const ways = usualPreprocessing(description.input);
  expect(preprocessingOptions(ways[0], description.input)).toEqual({});
  expect(ways.map((way) => preprocessingOptions(way, description.input))).toEqual(
    expect.arrayContaining([
      { scale: '0,255' },
      { mean: '.485,.456,.406', std: '.229,.224,.225' },
      { scale: '0,255', mean: '103.939,116.779,123.68', bgr: true },
      { 'per-image-standardization': true },
    ]),
  );
  const bytes = { ...description.input, type: 'uint8' as const };
  expect(usualPreprocessing(bytes).map((way) => preprocessingOptions(way, bytes))).toEqual([{}, { bgr: true }]);
});

it('counts a label without a class as wrong, and puts no loss that is not a number first', async () => {
  const [trial] = await tryFeedings(session, description, images, [usualPreprocessing(description.input)[0]], [9]);
  expect(trial).toMatchObject({ correct: 0, loss: 100 });
  expect([{ ...trial, loss: NaN }, trial].sort(byLikelihood)[0].loss).toBe(100);
});
