import { expect, it } from 'vitest';
import { createBox } from '../../sets/box.ts';
import { createWarp } from '../../transform/warp.ts';
import { TrainingSchema } from '../recipes/recipe.ts';
import type { ObjectiveContext } from './objective.ts';
import { OBJECTIVE_NAMES, objectiveNamed } from './registry.ts';

const shape = { channels: 1, height: 3, width: 3 };
const model = {
  logits: async (_: Float32Array, rows: number) => new Float32Array(2 * rows),
  gradients: async (images: Float32Array) => ({ byInput: new Float32Array(images.length) }),
};
const context = {
  classes: 2,
  smoothing: 0,
  box: createBox(shape, 10, { unit: 'px', value: 1 }),
  warp: createWarp(shape),
  progress: 0,
  draw: () => ({ tx: 0, ty: 0, angle: 5 }),
  noise: () => [0.1, 0.2, 0.3, 0.4],
  frozen: async () => model,
  teacher: async () => model,
} as unknown as ObjectiveContext;

it.each(OBJECTIVE_NAMES)('%s makes as many rows of an image as it says', async (objective) => {
  const settings = TrainingSchema.parse({ objective, candidates: 2, epochs: 1, rate: 0.1 });
  const made = objectiveNamed(objective).create(settings);
  const [one, other] = [new Float32Array(9), new Float32Array(9).fill(1)];
  const batch = { images: [one, other], labels: [0, 1], indices: [0, 1] };
  const { rows, images, targets } = await made.prepare(batch, context);
  expect(rows).toBe(2 * made.rowsPerImage);
  expect([images.length, targets.length]).toEqual([rows * 9, rows * 2]);
});
