import { expect, it } from 'vitest';
import type { StudyPart, StudyRow } from '../../studies/study.ts';
import { rowState, type Measurement } from './measurements.ts';
import type { PartResult } from './part-result.ts';

const [forward, gradient]: StudyPart[] = [
  { name: 'forward', attacks: ['grid'] },
  { name: 'gradient', attacks: ['first-order'] },
];
const row: StudyRow = { name: 'robust', title: 'Robust', classifier: 'robust', parts: [forward, gradient] };

/** A part of which `correct` of `n` images are right. */
function measured(
  part: StudyPart,
  correct: number,
  n: number,
  { sha256 = 'one', data = 'mnist', folder }: { sha256?: string; data?: string; folder?: string } = {},
): Measurement {
  const attacks = { [part.attacks[0]]: { correct, n, accuracy: correct / n, interval: [0, 1] } };
  return {
    row,
    part,
    folder,
    result: {
      attacks,
      model: { sha256 },
      data: { name: data, fingerprint: data },
      box: { tx: 3, ty: 3, angle: 30 },
    } as unknown as PartResult,
  };
}
const here = { folder: 'here' };

/** Where each line comes from and how many images are right in it. */
function lines(shipped: Measurement[], ours: Measurement[]): unknown[] {
  return rowState(row, shipped, ours).lines.map(({ shipped: origin, cells }) => [
    origin,
    Object.fromEntries([...cells].map(([name, { correct }]) => [name, correct])),
  ]);
}

it('tells the same figures of the same model once, as measured here', () => {
  const ours = measured(forward, 90, 100, here);
  expect(lines([measured(forward, 90, 100)], [ours])).toEqual([[undefined, { grid: 90 }]]);
  expect(rowState(row, [measured(forward, 90, 100)], [ours]).measurements).toEqual([ours]);
  expect(lines([measured(forward, 90, 100)], [ours, measured(forward, 2, 2, here)])).toEqual([
    [undefined, { grid: 90 }],
  ]);
});

it('makes one line of the parts of one model', () => {
  expect(lines([measured(forward, 90, 100)], [measured(gradient, 80, 100, here)])).toEqual([
    ['partly', { grid: 90, 'first-order': 80 }],
  ]);
  expect(lines([measured(forward, 90, 100), measured(gradient, 80, 100)], [measured(forward, 90, 100, here)])).toEqual([
    ['partly', { 'first-order': 80, grid: 90 }],
  ]);
});

it('keeps two lines for other figures, another number of images, another model and other data', () => {
  const shipped = [measured(forward, 90, 100), measured(gradient, 80, 100)];
  for (const ours of [
    measured(forward, 89, 100, here),
    measured(forward, 9, 10, here),
    measured(forward, 90, 100, { ...here, sha256: 'other' }),
    measured(forward, 90, 100, { ...here, data: 'mine' }),
  ]) {
    expect(lines(shipped, [ours])).toEqual([
      [true, { grid: 90, 'first-order': 80 }],
      [undefined, { grid: ours.result.attacks.grid.correct }],
    ]);
  }
});

it('has one line of what is in one place alone, and none of nothing', () => {
  expect(lines([measured(forward, 90, 100)], [])).toEqual([[true, { grid: 90 }]]);
  expect(lines([], [measured(forward, 90, 100, here)])).toEqual([[undefined, { grid: 90 }]]);
  expect(lines([], [])).toEqual([]);
});
