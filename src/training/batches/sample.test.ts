import { expect, it } from 'vitest';
import type { ImageSource } from '../../data/source.ts';
import { spacedImages } from './sample.ts';

/** A source whose images tell their position, and which notes how many are asked for at once. */
async function positionsRead(positions: readonly number[], count: number): Promise<{ read: number[]; most: number }> {
  let most = 0;
  const data = {
    read(indices: readonly number[]) {
      most = Math.max(most, indices.length);
      return Promise.resolve(indices.map((index) => ({ index, label: 0, pixels: new Float32Array(1) })));
    },
  } as unknown as ImageSource;
  const read: number[] = [];
  for await (const { index } of spacedImages(data, Uint32Array.from(positions), count)) read.push(index);
  return { read, most };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

it('takes images from all over the positions, in their order', async () => {
  expect((await positionsRead([2, 3, 5, 7, 11, 13, 17, 19, 23, 29], 4)).read).toEqual([2, 5, 13, 19]);
  const { read, most } = await positionsRead(upTo(10_000), 1000);
  expect(read).toEqual(upTo(1000).map((i) => 10 * i));
  expect(most).toBeLessThanOrEqual(256);
});

it('takes each once where there are no more than are asked for', async () => {
  expect((await positionsRead(upTo(300), 300)).read).toEqual(upTo(300));
  expect((await positionsRead(upTo(7), 300)).read).toEqual(upTo(7));
  expect((await positionsRead([], 300)).read).toEqual([]);
});
