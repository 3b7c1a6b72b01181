import { expect, it } from 'vitest';
import type { ImageSource } from '../../data/source.ts';
import { fakeClassifier } from '../../testing/fake-classifier.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { Run } from './run.ts';
import { sliceMeter } from './slices.ts';

const shape = { channels: 1, height: 3, width: 3 };
const classifier = fakeClassifier(shape, 2, (pixels, [{ tx, angle } = { tx: 0, angle: 0 }]) =>
  // Of class 0 unless it is turned clockwise, or shifted to the left; bright images stand even that.
  (angle < 0 || tx < 0) && pixels[0] < 0.5 ? [0, 1] : [1, 0],
);
const asked: ReportClassifier = { ask: (question) => question(classifier), close: async () => undefined };
const read: number[] = [];
const source = {
  length: 20,
  shape,
  read: async (positions: readonly number[]) => {
    read.push(...positions);
    // Every second image read is bright.
    return positions.map((index) => ({ index, label: 0, pixels: new Float32Array(9).fill(index % 4 === 0 ? 1 : 0) }));
  },
} as unknown as ImageSource;
const run = {
  options: { exhaustive: false },
  source,
  settings: { box: { tx: 1, ty: 1, angle: 30 }, grid: { tx: 3, ty: 3, angle: 3 } },
} as unknown as Run;
const measured = (made: number) => ({ evaluations: { made }, n: 20 }) as Parameters<typeof sliceMeter>[1];

it('tries every angle and every shift alone on as many images as an eighth of the evaluations allows', async () => {
  // 3 angles and 9 shifts: 10 images take 120, an eighth of 960.
  const slices = await sliceMeter(run, measured(960), asked)!();
  expect(read).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(slices!.of).toBe(20);
  const [rotations, shifts] = slices!.grids;
  expect([rotations.n, ...rotations.correct]).toEqual([10, 5, 10, 10]);
  expect([...shifts.correct]).toEqual([5, 5, 5, 10, 10, 10, 10, 10, 10]);
});

it('is not measured where too few images would be, nor of a vote or an exhaustive run', () => {
  expect(sliceMeter(run, measured(700), asked)).toBeUndefined();
  expect(sliceMeter({ ...run, vote: { draws: 3 } as Run['vote'] }, measured(9600), asked)).toBeUndefined();
  const exhaustive = { ...run, options: { ...run.options, exhaustive: true } };
  expect(sliceMeter(exhaustive, measured(9600), asked)).toBeUndefined();
});
