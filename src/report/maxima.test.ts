import { expect, it } from 'vitest';
import { countMaxima } from './maxima.ts';

it('counts points above all of their neighbours, corners and edges included', () => {
  expect(countMaxima([9, 1, 1, 5, 1, 1, 1, 1, 1, 1, 7, 1], 4)).toBe(3);
});

it('counts neither flat tops nor noise', () => {
  expect(countMaxima([3, 3, 0, 0], 2)).toBe(0);
  expect(countMaxima([0, 0.0001, 0, 5], 4)).toBe(1);
  expect(countMaxima([2, 2, 2, 2], 2)).toBe(0);
});
