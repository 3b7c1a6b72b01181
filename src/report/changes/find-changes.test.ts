import { expect, it } from 'vitest';
import type { ImageRecord } from '../../evaluation/records.ts';
import { findChanges } from './find-changes.ts';

function record(index: number, label: number, prediction: number, robust: boolean): ImageRecord {
  const grid = { robust, worst: [0, 0, 9], loss: 1, predicted: robust ? label : 1 - label, tried: 1, exhaustive: 2 };
  return { index, label, prediction, attacks: { grid } } as unknown as ImageRecord;
}

async function* records(...of: ImageRecord[]): AsyncGenerator<ImageRecord> {
  yield* of;
}

it('tells which images were won and lost, which of them can be shown, and what became of each class', async () => {
  const before = records(
    record(3, 0, 0, false),
    record(4, 0, 1, false),
    record(5, 1, 1, true),
    record(6, 1, 1, true),
    record(7, 1, 1, false),
  );
  const after = records(
    record(3, 0, 0, true),
    record(4, 0, 0, true),
    record(5, 1, 1, false),
    record(6, 1, 1, true),
    record(8, 1, 1, true),
  );
  const changes = await findChanges(before, after, 'grid', 5);
  expect(changes.won).toEqual([3, 4]);
  expect(changes.lost).toEqual([5]);
  // Image 4 was wrong as it is: there is no picture that was right until it was transformed.
  expect(changes.shownWon.map(({ position, record: { index } }) => [position, index])).toEqual([[0, 3]]);
  expect(changes.shownLost.map(({ position, record: { index } }) => [position, index])).toEqual([[2, 5]]);
  expect(changes.classes).toEqual([
    { label: 0, n: 2, natural: { before: 1, after: 2 }, robust: { before: 0, after: 2 } },
    { label: 1, n: 2, natural: { before: 2, after: 2 }, robust: { before: 2, after: 1 } },
  ]);
});

it('counts places in the run afterwards, which may hold other images', async () => {
  const before = records(record(1, 0, 0, true), record(2, 0, 0, true), record(3, 0, 0, true));
  const after = records(record(2, 0, 0, true), record(3, 0, 0, false));
  const { shownLost } = await findChanges(before, after, 'grid', 5);
  expect(shownLost.map(({ position, record: { index } }) => [position, index])).toEqual([[1, 3]]);
});
