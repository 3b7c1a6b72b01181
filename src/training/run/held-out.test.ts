import { expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { randomStream } from '../../random/stream.ts';
import { createBox } from '../../sets/box.ts';
import { createWarp } from '../../transform/warp.ts';
import { measureHeldOut } from './held-out.ts';

const shape = { channels: 1, height: 3, width: 3 };
/** No image of the class 1 that the network tells. */
const data = arraySource({
  images: [new Float32Array(9), new Float32Array(9).fill(1)],
  labels: [0, 0],
  shape,
  classes: 1,
});
const box = createBox(shape, 0, { unit: 'px', value: 0 });
const ask = (model: object, teacher?: object) =>
  measureHeldOut(
    model as never,
    {
      data,
      classes: 2,
      positions: Uint32Array.of(0, 1),
      box,
      warp: createWarp(shape),
      stream: randomStream(0, 'draws'),
    },
    teacher as never,
  );
/** Answers 1 where the first pixel is bright. */
const byLight = {
  logits: async (images: Float32Array, rows: number) =>
    Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2) * (2 * images[9 * (i >> 1)] - 1)),
};

it('counts right answers by the labels', async () => {
  expect(await ask(byLight)).toEqual({ natural: 0.5, worstOf10: 0.5 });
});

it('counts each answer by the probability that the teacher gives it', async () => {
  // To every image: class 0 with 3/4, class 1 with 1/4.
  const teacher = {
    logits: async (_: Float32Array, rows: number) =>
      Float32Array.from({ length: 2 * rows }, (__, i) => (i % 2 === 0 ? Math.log(3) : 0)),
  };
  const { natural, worstOf10 } = await ask(byLight, teacher);
  expect(natural).toBeCloseTo((3 / 4 + 1 / 4) / 2, 6);
  expect(worstOf10).toBeCloseTo((3 / 4 + 1 / 4) / 2, 6);
});
