import { expect, it } from 'vitest';
import type { ImageRecord } from '../evaluation/records.ts';
import { tallyClasses } from './tally-classes.ts';

it('counts natural and robust images by class', async () => {
  async function* records(): AsyncGenerator<ImageRecord> {
    for (const [label, prediction, robust] of [
      [2, 2, true],
      [0, 0, false],
      [2, 2, false],
      [2, 1, false],
    ] as const) {
      yield {
        index: 0,
        label,
        prediction,
        attacks: { grid: { robust, worst: [0, 0, 0], loss: 0, predicted: 0, tried: 1, exhaustive: 1 } },
      };
    }
  }
  expect(await tallyClasses(records(), 'grid')).toEqual([
    { label: 0, n: 1, natural: 1, robust: 0 },
    { label: 2, n: 3, natural: 2, robust: 1 },
  ]);
});
