import { expect, test } from 'vitest';
import { points } from './numbers.ts';

test.each([
  ['0', 0],
  ['0.1', 0.1],
  ['1', 1],
  ['100', 100],
])('points: %s', (given, value) => {
  expect(points().parse(given)).toBe(value);
});

test.each(['0.01', '-1', '101', 'one'])('points: %s cannot be meant', (given) => {
  expect(points().safeParse(given).success).toBe(false);
});
