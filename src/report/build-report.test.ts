import { describe, expect, it } from 'vitest';
import { arraySource } from '../data/array-source.ts';
import type { Landscape } from '../evaluation/landscape.ts';
import type { ImageRecord } from '../evaluation/records.ts';
import { createGrid } from '../sets/grid.ts';
import { createWarp } from '../transform/warp.ts';
import { buildReport } from './build-report.ts';

const shape = { channels: 1, height: 1, width: 3 };
const box = { tx: 1, ty: 0, angle: 0 };
const grid = createGrid(box, { tx: 3, ty: 1, angle: 1 });
// Image 1 cannot be read: its record is missing.
const source = arraySource({
  images: [
    [1, 0, 0],
    [0, 0, 0],
    [0, 1, 0],
  ].map((row) => Float32Array.from(row)),
  labels: [0, 1, 1],
  shape,
  classNames: ['left', 'middle'],
});
const found = { robust: false, worst: [1, 0, 0] as const, loss: 2, predicted: 1, tried: 3, exhaustive: 3 };
const records: ImageRecord[] = [
  {
    index: 0,
    label: 0,
    prediction: 0,
    attacks: { grid: found, 'pgd-linf': { ...found, worst: [0, 0, 0], perturbation: 'p' } },
  },
  {
    index: 2,
    label: 1,
    prediction: 1,
    attacks: { grid: { ...found, predicted: 0 }, 'pgd-linf': { ...found, perturbation: 'p' } },
  },
];
const journal = {
  async *records() {
    yield* records;
  },
  async *losses() {
    yield Float32Array.of(0.5, 0.25, -2);
    yield Float32Array.of(-1, 0.25, -3);
  },
};
const summary = (accuracy: number) => ({ correct: 2 * accuracy, n: 2, accuracy, interval: [0, 1] as const });
const result = {
  gimbal: '0',
  model: { name: 'm', sha256: '' },
  data: { name: 'd', fingerprint: '' },
  n: 2,
  skipped: 1,
  attacks: { natural: summary(1), grid: summary(0.5), 'pgd-linf': summary(0) },
  evaluations: { made: 6, exhaustive: 6, byAttack: {} },
  warnings: [],
  seconds: 1,
};
const encode = async (pixels: Float32Array) => `data:${Array.from(pixels)}`;
const sources = {
  result,
  setting: { box, grid: grid.size },
  command: '',
  configuration: [],
  journal,
  source,
  warp: createWarp(shape),
  grids: new Map([['grid', grid]]),
  examples: 5,
  encode,
};

describe('buildReport', () => {
  it('re-reads each chosen image by its index and transforms it as its record says', async () => {
    const { examples } = await buildReport(sources);
    expect(
      examples!.map(({ index, original, transformed, attack }) => ({ index, original, transformed, attack })),
    ).toEqual([
      { index: 0, original: 'data:1,0,0', transformed: 'data:0,1,0', attack: 'grid' },
      { index: 2, original: 'data:0,1,0', transformed: 'data:0,0,1', attack: 'grid' },
    ]);
  });

  it('shows the smallest that fools where it is found, and says where the attack ended before that', async () => {
    const asked: string[] = [];
    const { examples, failures } = await buildReport({
      ...sources,
      findSmallest: async (attack, images) => {
        asked.push(`${attack}: ${images.map(({ index }) => index)}`);
        return new Map([
          [2, { kind: 'smallest', transformation: { tx: -1, ty: 0, angle: 0 }, predicted: 0, loss: 1 } as const],
        ]);
      },
    });
    expect(asked).toEqual(['grid: 0,2']);
    expect(examples!.map(({ kind, transformed, loss }) => [kind, transformed, loss])).toEqual([
      ['found', 'data:0,1,0', 2],
      ['smallest', 'data:1,0,0', 1],
    ]);
    expect(failures!.map(({ index, smallest }) => [index, smallest])).toEqual([
      [0, false],
      [2, true],
    ]);
  });

  it('sums losses and records, classes under the attack that leaves the least', async () => {
    const away = { n: 1, transformation: { tx: 1, ty: 0, angle: 0 } };
    const { grids, classes } = await buildReport(sources);
    expect([...grids![0].imagesByFooling]).toEqual([0, 1, 1, 0]);
    expect(classes).toEqual([
      { label: 0, n: 1, natural: 1, robust: 0, takenFor: new Map([[1, 1]]), confusion: { predicted: 1, ...away } },
      { label: 1, n: 1, natural: 1, robust: 0, takenFor: new Map([[0, 1]]), confusion: { predicted: 0, ...away } },
    ]);
  });

  it('measures landscapes where the first-order attack finds nothing and the grid does', async () => {
    const kept = [
      records[0],
      { ...records[1], attacks: { ...records[1].attacks, 'first-order': { ...found, robust: true } } },
    ];
    const measure = async ({ index }: { index: number }) => ({ index }) as Landscape;
    const { landscapes } = await buildReport({
      ...sources,
      result: { ...result, attacks: { ...result.attacks, 'first-order': summary(1) } },
      journal: {
        ...journal,
        records: async function* () {
          yield* kept;
        },
      },
      landscapes: { count: 1, measure },
    });
    expect(landscapes).toEqual([{ index: 2 }]);
  });

  it('leaves out what was not measured', async () => {
    const input = await buildReport({
      ...sources,
      grids: undefined,
      examples: 0,
      result: { ...result, attacks: { natural: summary(1) } },
    });
    expect(input).toMatchObject({ examples: [], grids: [], landscapes: [] });
    expect(input.classes).toBeUndefined();
  });
});
