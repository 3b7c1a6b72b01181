import { expect, it } from 'vitest';
import { overClasses } from './over-classes.ts';
import type { ImageSource } from './source.ts';

const LABELS = [0, 0, 0, 1, 1, 2, 0, 2];

function source(labels: readonly number[], told: boolean, missing: readonly number[] = []): ImageSource {
  return {
    length: labels.length,
    ...(told ? { labels } : {}),
    read: async (positions: readonly number[]) =>
      positions.filter((position) => !missing.includes(position)).map((index) => ({ index, label: labels[index] })),
  } as unknown as ImageSource;
}

it('takes the first image of each class, then the second of each', async () => {
  for (const told of [true, false]) {
    expect(await overClasses(source(LABELS, told), 2)).toEqual([0, 3]);
    expect(await overClasses(source(LABELS, told), 4)).toEqual([0, 1, 3, 5]);
    expect(await overClasses(source(LABELS, told), 100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  }
});

it('passes over what cannot be read', async () => {
  expect(await overClasses(source(LABELS, false, [0, 3]), 3)).toEqual([1, 4, 5]);
});
