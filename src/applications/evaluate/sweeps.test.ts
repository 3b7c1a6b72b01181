import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { nodeFiles } from '../../node/files.ts';
import { fakeClassifier } from '../../testing/fake-classifier.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { KeptRun } from './run.ts';
import { sweeperOf } from './sweeps.ts';

const shape = { channels: 1, height: 1, width: 1 };
const image = (index: number) => ({ index, label: 0, pixels: Float32Array.of(1), shape });
const through = { tx: 0, ty: 0, angle: 30 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-sweeps-'));
});
afterAll(() => rm(folder, { recursive: true }));

const classifier = fakeClassifier(shape, 2, (_, [{ angle }]) => [0, angle]);
const asking: ReportClassifier = { ask: (question) => question(classifier), close: async () => undefined };

function sweeper(more: object = {}, sha256 = 'a') {
  const run = {
    attacks: [{ name: 'grid' }, { name: 'shifts', interpolation: 'nearest' }],
    settings: { box: { tx: 3, ty: 3, angle: 30 }, warp: {} },
    folder: { directory: folder },
    platform: { files: nodeFiles },
    ...more,
  };
  const result = { model: { name: 'm', sha256 }, data: { name: 'd', fingerprint: 'f' } };
  return sweeperOf(run as unknown as KeptRun, result as EvaluationResult, asking);
}

const passes = async (work: () => Promise<unknown>): Promise<number> => {
  const before = classifier.calls;
  await work();
  return classifier.calls - before;
};

it('asks once, keeps the verdicts in the run folder, and asks no more for those', async () => {
  const first = await sweeper();
  expect(await passes(() => first.sweep('grid', [{ target: image(4), through }]))).toBe(13);
  await first.keep();
  const text = await readFile(join(folder, 'sweeps.json'), 'utf8');
  const { format, model, data, images } = JSON.parse(text) as Record<string, unknown> & {
    images: { index: number; verdicts: object[] }[];
  };
  expect([format, model, data, images[0].index]).toEqual(['gimbal-sweeps-1', 'a', 'f', 4]);
  expect(images[0].verdicts[12]).toEqual({ transformation: [0, 0, 30], predicted: 1, loss: 30 });

  const again = await sweeper();
  // One image is new.
  const both = [4, 5].map((index) => ({ target: image(index), through }));
  expect(await passes(() => again.sweep('grid', both))).toBe(13);
  await again.keep();
  expect(await passes(async () => (await sweeper()).sweep('grid', both))).toBe(0);
  // Of another model, or through another transformation, nothing is taken over.
  expect(await passes(async () => (await sweeper({}, 'b')).sweep('grid', both))).toBe(26);
  const other = [{ target: image(4), through: { ...through, tx: 1 } }];
  expect(await passes(async () => (await sweeper()).sweep('grid', other))).toBe(13);
});

it('refuses a file that was changed', async () => {
  const path = join(folder, 'sweeps.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"loss": 30', '"loss": 3'));
  await expect(sweeper()).rejects.toMatchObject({ issue: { code: 'run-folder-damaged', subject: path } });
  await writeFile(path, text);
});

it('has nothing to show of a vote, or of an attack that reads images otherwise, and leaves no file of it', async () => {
  for (const [attack, more] of [
    ['grid', { vote: { draws: 10 } }],
    ['shifts', {}],
  ] as const) {
    const none = await sweeper(more);
    expect((await none.sweep(attack, [{ target: image(4), through }])).size).toBe(0);
    await none.keep();
  }
  expect(await readdir(folder)).toEqual([]);
});
