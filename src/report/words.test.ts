import { expect, it } from 'vitest';
import { DEFAULT_WARP } from '../transform/warp.ts';
import {
  describeAttack,
  describeInference,
  describeJudgement,
  describeRange,
  describeTransformation,
} from './words.ts';
import { formatCount, formatDuration } from '../notation/numbers.ts';

const setting = { box: { tx: 3, ty: 3, angle: 30 }, grid: { tx: 5, ty: 5, angle: 31 } };

it('describes attacks', () => {
  expect(describeAttack('grid', setting)).toBe('the worst of a grid of 775 rotations and shifts');
  expect(describeAttack('grid:rotation', setting)).toBe('the worst of a grid of 31 rotations');
  expect(describeAttack('grid:translation', setting)).toBe('the worst of a grid of 25 shifts');
  expect(describeAttack('worst-of-10:rotation', setting)).toBe('the worst of 10 random rotations');
});

it('tells what is done at inference', () => {
  expect(
    describeInference({ ...setting, warp: { ...DEFAULT_WARP, interpolation: 'nearest', mask: 'circle' } }).join(' '),
  ).toBe(
    'Transformed images are read by nearest sampling. ' +
      'Of every image, moved or not, all outside of the inscribed circle is black.',
  );
  expect(describeInference(setting)).toEqual([]);
  expect(
    describeInference({ ...setting, mirror: true, vote: { draws: 10, box: { tx: 1, ty: 1, angle: 10 } } }).join(' '),
  ).toMatch(/mirror image.*majority of 10 .*10° and shifts up to 1 px/);
});

it('tells what counts as right', () => {
  expect(describeJudgement(setting)).toMatch(/on everything that the attack tries/);
  expect(describeJudgement({ ...setting, vote: { draws: 10, box: setting.box } })).toMatch(
    /asked once more with fresh draws/,
  );
});

it('describes the range of transformations', () => {
  expect(describeRange(setting.box)).toBe('rotations up to 30° and shifts up to 3 px');
  expect(describeRange({ tx: 3.2, ty: 4, angle: 0 })).toBe('shifts up to 3.2 px sideways and 4 px up or down');
  expect(describeRange({ tx: 0, ty: 0, angle: 12.5 })).toBe('rotations up to 12.5°');
});

it('describes transformations by the documented signs', () => {
  expect(describeTransformation({ tx: -3, ty: 1.5, angle: 28 })).toBe(
    '28° counter-clockwise, 3\u00a0px\u00a0left, 1.5\u00a0px\u00a0down',
  );
  expect(describeTransformation({ tx: 3, ty: -1.5, angle: -2 })).toBe(
    '2° clockwise, 3\u00a0px\u00a0right, 1.5\u00a0px\u00a0up',
  );
  expect(describeTransformation({ tx: 0, ty: 0, angle: 0 })).toBe('as it is');
});

it('formats counts and durations', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatCount(219.4)).toBe('219.4');
  expect([3.21, 42, 59.7, 200, 7500].map(formatDuration)).toEqual([
    '3.2\u00a0s',
    '42\u00a0s',
    '1\u00a0min\u00a00\u00a0s',
    '3\u00a0min\u00a020\u00a0s',
    '2\u00a0h\u00a05\u00a0min',
  ]);
});
