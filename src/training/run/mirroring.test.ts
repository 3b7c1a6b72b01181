import { expect, it } from 'vitest';
import type { ImageSource } from '../../data/source.ts';
import { mirroringIsHarmless } from './mirroring.ts';

const shape = { channels: 1, height: 1, width: 2 };

/** Ten images of one bright pixel, at the left in those of class 0, at the right in those of class 1. */
const sides: ImageSource = {
  name: 'sides',
  fingerprint: '',
  length: 10,
  shape,
  classes: 2,
  skipped: [],
  read: async (positions) =>
    positions.map((index) => ({
      index,
      label: index % 2,
      pixels: Float32Array.of(1 - (index % 2), index % 2),
    })),
  close: async () => {},
} as ImageSource;

it('mirroring harms a model that tells left from right', async () => {
  const model = { logits: async (images: Float32Array) => images };
  expect(await mirroringIsHarmless(sides, model, 2)).toBe(false);
});

it('mirroring does no harm to a model whose answers it leaves alone', async () => {
  const model = { logits: async (_: Float32Array, n: number) => new Float32Array(2 * n).fill(1) };
  expect(await mirroringIsHarmless(sides, model, 2)).toBe(true);
});
