import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import type { AttackRecord, ImageRecord } from '../evaluation/records.ts';
import { findFailures } from './failures.ts';
import { renderFailuresCsv } from './failures-csv.ts';
import type { Example } from './report-input.ts';

const BOX = { tx: 3, ty: 3, angle: 30 };

const found = (predicted: number, worst: [number, number, number]): AttackRecord => ({
  robust: predicted === 0,
  worst,
  loss: 2,
  predicted,
  tried: 1,
  exhaustive: 1,
});

function image(index: number, file: string, attacks: Record<string, AttackRecord>): ImageRecord {
  return { index, label: 0, file, class: 'cat', prediction: attacks.natural.predicted, attacks };
}

const RIGHT = found(0, [0, 0, 0]);
const records: ImageRecord[] = [
  image(0, 'cat/corner.png', { natural: RIGHT, random: RIGHT, grid: found(1, [3, 3, 30]) }),
  image(1, 'cat/right.png', { natural: RIGHT, random: RIGHT, grid: RIGHT }),
  image(2, 'cat/drawn, "so".png', { natural: RIGHT, random: found(2, [0.75, 0, -6]), grid: found(1, [3, 3, 30]) }),
  image(3, 'cat/wrong.png', { natural: found(1, [0, 0, 0]), random: RIGHT, grid: found(1, [0, 0, 0]) }),
  image(4, 'cat/noise.png', { natural: RIGHT, 'pgd-linf': found(1, [0, 0, 0]) }),
  image(5, 'cat/searched.png', { natural: RIGHT, random: RIGHT, grid: found(1, [3, 3, 30]) }),
];
const searched = {
  index: 5,
  kind: 'smallest',
  transformation: { tx: 0, ty: 0, angle: 4 },
  predicted: 2,
  loss: 0.5,
} as Example;

const list = async () =>
  findFailures(
    (async function* () {
      yield* records;
    })(),
    { box: BOX },
    { attack: 'strongest', examples: [searched] },
  );

it('lists every image that is wrong once, those first that it takes least for', async () => {
  const failures = await list();
  expect(failures.map(({ index, attack, size, smallest }) => [index, attack, size, smallest])).toEqual([
    [3, 'natural', 0, true],
    [5, 'strongest', 4 / 30, true],
    [2, 'random', 0.25, false],
    [0, 'grid', 1, false],
    [4, 'pgd-linf', undefined, false],
  ]);
});

it('writes them as CSV that a reader takes apart again, with names', async () => {
  const rows: Record<string, string>[] = parse(renderFailuresCsv(await list(), ['cat', 'dog', '=eel']), {
    columns: true,
  });
  expect(rows).toHaveLength(5);
  expect(rows[2]).toEqual({
    index: '2',
    file: 'cat/drawn, "so".png',
    label: '0',
    class: 'cat',
    predicted: '2',
    predicted_class: '=eel',
    attack: 'random',
    tx: '0.75',
    ty: '0',
    angle: '-6',
    size: '0.25',
    smallest: 'no',
    loss: '2',
  });
});
