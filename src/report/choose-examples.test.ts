import { expect, it } from 'vitest';
import type { ImageRecord } from '../evaluation/records.ts';
import { chooseExamples } from './choose-examples.ts';

function record(index: number, label: number, prediction: number, robust: boolean): ImageRecord {
  return {
    index,
    label,
    prediction,
    attacks: { grid: { robust, worst: [0, 0, 30], loss: 1, predicted: 9, tried: 1, exhaustive: 1 } },
  };
}

async function* records() {
  yield record(10, 3, 3, false);
  yield record(11, 3, 3, false);
  yield record(12, 5, 5, true);
  yield record(13, 5, 4, false);
  yield record(14, 5, 5, false);
  yield record(15, 3, 3, false);
}

it('takes the first fooled image of each class, then the second', async () => {
  const all = await chooseExamples(records(), 'grid', 10);
  expect(all.map(({ record: { index } }) => index)).toEqual([10, 14, 11, 15]);
  expect(all.map(({ position }) => position)).toEqual([0, 4, 1, 5]);
  expect((await chooseExamples(records(), 'grid', 2)).map(({ record: { index } }) => index)).toEqual([10, 14]);
  expect(await chooseExamples(records(), 'grid', 0)).toEqual([]);
  expect(await chooseExamples(records(), 'random', 3)).toEqual([]);
});
