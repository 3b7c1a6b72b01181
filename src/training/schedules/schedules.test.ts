import { expect, it } from 'vitest';
import { schedule } from './schedules.ts';

it.each([
  ['step', [1, 0.1, 0.1, 0.01]],
  ['one-cycle', [1, 0.625, 0.5, 0.25]],
] as const)('%s', (name, expected) => {
  const rate = schedule(name, { warmup: 0.2, milestones: [0.5, 0.75] });
  expect(rate(0.1)).toBeCloseTo(0.5, 12);
  expect(rate(0)).toBeGreaterThan(0);
  [0.2, 0.5, 0.6, 0.8].forEach((progress, i) => expect(rate(progress)).toBeCloseTo(expected[i], 12));
});
