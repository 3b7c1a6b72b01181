import { expect, it } from 'vitest';
import type { AttackRecord, ImageRecord } from './records.ts';
import { tallyClasses } from './tally-classes.ts';

const found = (label: number, predicted: number, angle: number): AttackRecord => ({
  robust: predicted === label,
  worst: [0, 0, angle],
  loss: 0,
  predicted,
  tried: 1,
  exhaustive: 1,
});

it('counts by class what is right, what it is taken for most often, and the least that does it', async () => {
  async function* records(): AsyncGenerator<ImageRecord> {
    for (const [label, natural, random, grid] of [
      [2, 2, 2, 2],
      [0, 0, 0, 0],
      [2, 2, 0, 0],
      [2, 1, 1, 1],
      [2, 2, 2, 0],
    ] as const) {
      yield {
        index: 0,
        label,
        prediction: natural,
        attacks: { natural: found(label, natural, 0), random: found(label, random, 12), grid: found(label, grid, -30) },
      };
    }
  }
  expect(await tallyClasses(records(), 'grid', { tx: 3, ty: 3, angle: 30 })).toEqual([
    { label: 0, n: 1, natural: 1, robust: 1, takenFor: new Map() },
    {
      label: 2,
      n: 4,
      natural: 3,
      robust: 1,
      takenFor: new Map([
        [0, 2],
        [1, 1],
      ]),
      confusion: { predicted: 0, n: 2, transformation: { tx: 0, ty: 0, angle: 12 } },
    },
  ]);
});
