import { expect, it } from 'vitest';
import { alignRecords } from './align-records.ts';
import type { ImageRecord } from './records.ts';
import { tallyShared } from './tally-shared.ts';

const found = (robust: boolean, more: object = {}): object => ({
  robust,
  worst: [0, 0, 0],
  loss: 1,
  predicted: 0,
  tried: 1,
  exhaustive: 1,
  ...more,
});

async function* records(...of: readonly (readonly [index: number, label: number, attacks: object])[]) {
  for (const [index, label, attacks] of of)
    yield { index, label, prediction: label, attacks } as unknown as ImageRecord;
}

it('measures what an attack of a user finds in what the run says of it', async () => {
  const tolerance = { rotation: { limits: [0, 10], withstand: [], n: 0, interval: [], quantiles: [] } };
  const attacks = { 'my-turn': found(true, { breakingPoint: null }) };
  const own = [{ name: 'my-turn', changes: 'view', extent: 'rotation' }] as const;
  const { runs } = await tallyShared([
    { records: records([0, 0, attacks]), tolerance, own },
    { records: records([0, 0, attacks]), tolerance },
  ]);
  expect(runs[0].survival.get('my-turn')).toMatchObject({ extent: 'rotation', survival: { withstand: [1, 1] } });
  expect([...runs[1].survival.keys()]).toEqual([]);
});

it('aligns records of any number of runs by their images', async () => {
  const three = [
    records([1, 0, {}], [2, 0, {}], [5, 0, {}]),
    records([2, 0, {}], [4, 0, {}], [5, 0, {}]),
    records([5, 0, {}]),
  ];
  const seen: (number | undefined)[][] = [];
  for await (const row of alignRecords(three)) seen.push(row.map((record) => record?.index));
  expect(seen).toEqual([
    [1, undefined, undefined],
    [2, 2, undefined],
    [undefined, 4, undefined],
    [5, 5, 5],
  ]);
});

it('sums up the images that all hold: rates, classes, and what is withstood', async () => {
  const limits = [0, 10, 20];
  const survival = { limits, withstand: [], n: 0, interval: [], quantiles: [] };
  const tolerance = (breakingPoint: number | null) => found(breakingPoint === null, { breakingPoint });
  const { images, leftOut, runs } = await tallyShared([
    {
      records: records(
        [0, 0, { grid: found(true), 'tolerance:rotation': tolerance(10) }],
        [1, 0, { grid: found(false), 'tolerance:rotation': tolerance(null) }],
        [2, 1, { grid: found(true), 'tolerance:rotation': tolerance(20) }],
      ),
      tolerance: { rotation: survival },
    },
    {
      records: records(
        [1, 0, { grid: found(true), random: found(true, { correctDraws: 1, draws: 4 }) }],
        [2, 1, { grid: found(false), random: found(false, { correctDraws: 2, draws: 4 }) }],
      ),
    },
  ]);
  expect([images, leftOut]).toEqual([2, [1, 0]]);
  expect(runs[0].attacks.get('grid')).toMatchObject({ correct: 1, n: 2, accuracy: 0.5 });
  expect(runs[0].survival.get('tolerance:rotation')).toMatchObject({
    extent: 'rotation',
    survival: { n: 2, withstand: [1, 1, 0.5] },
  });
  expect(runs[1].attacks.get('random')).toMatchObject({ correct: 0.75, n: 2 });
  expect([...runs[1].classes.get('grid')!]).toEqual([
    [0, { n: 1, right: 1 }],
    [1, { n: 1, right: 0 }],
  ]);
});
