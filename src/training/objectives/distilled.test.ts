import { expect, it } from 'vitest';
import { createBox } from '../../sets/box.ts';
import { softmax } from '../../statistics/softmax.ts';
import { createWarp } from '../../transform/warp.ts';
import { distilled } from './distilled.ts';
import type { ObjectiveContext } from './objective.ts';

const shape = { channels: 1, height: 3, width: 3 };
const delta = Float32Array.from({ length: 9 }, (_, i) => (i === 4 ? 1 : 0));

/** Answers by where the light is: a score for each column. */
const columns = (images: Float32Array, rows: number): Float32Array =>
  Float32Array.from({ length: 3 * rows }, (_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    return [0, 1, 2].reduce((sum, y) => sum + images[9 * row + 3 * y + column], 0);
  });

it('pulls the image as it is and its worst copy to what the teacher answers to the image as it is', async () => {
  const draws = [
    { tx: 0, ty: 0, angle: 0 },
    { tx: 1, ty: 0, angle: 0 },
    { tx: 0, ty: 1, angle: 0 },
  ];
  const model = { logits: async (images: Float32Array, rows: number) => columns(images, rows) };
  const context = {
    classes: 3,
    smoothing: 0,
    box: createBox(shape, 0, { unit: 'px', value: 1 }),
    warp: createWarp(shape),
    progress: 0,
    draw: (_index: number, draw: number) => draws[draw],
    frozen: async () => model,
    teacher: async () => model,
  } as unknown as ObjectiveContext;
  const batch = { images: [delta], labels: [0], indices: [0] };
  const { rows, images, targets } = await distilled({ lambda: 2, candidates: () => 3 }).prepare(batch, context);
  expect(rows).toBe(2);
  expect([...images.subarray(0, 9)]).toEqual([...delta]);
  // A shift along x changes the answer, one along y does not.
  expect([...images.subarray(9)]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0]);
  const teacher = softmax([0, 1, 0], 3, new Float32Array(3));
  teacher.forEach((p, c) => {
    expect(targets[c]).toBeCloseTo(p, 6);
    expect(targets[3 + c]).toBeCloseTo(2 * p, 6);
  });
});
