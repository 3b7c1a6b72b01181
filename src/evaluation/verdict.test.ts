import { expect, it } from 'vitest';
import { topClasses, verdictOf } from './verdict.ts';

// Probabilities 1/8, 5/8, 2/8.
const SCORES = Float32Array.of(Math.log(1), Math.log(5), Math.log(2));

it('tells class, probabilities, loss and margin', () => {
  const right = verdictOf(SCORES, 1);
  expect(right.predicted).toBe(1);
  [1 / 8, 5 / 8, 2 / 8].forEach((p, i) => expect(right.probabilities[i]).toBeCloseTo(p, 6));
  expect(right.loss).toBeCloseTo(Math.log(8 / 5), 6);
  expect(right.margin).toBeCloseTo(Math.log(5 / 2), 6);
  const wrong = verdictOf(SCORES, 0);
  expect(wrong.margin).toBeCloseTo(Math.log(1 / 5), 6);
  expect(wrong.loss).toBeCloseTo(Math.log(8), 6);
});

it('takes scores of any size, and classes that are ruled out', () => {
  const { probabilities, margin } = verdictOf(Float32Array.of(1000, -Infinity, 1000), 0);
  expect([...probabilities]).toEqual([0.5, 0, 0.5]);
  expect(margin).toBe(0);
});

it('names the likeliest classes first', () => {
  expect(topClasses(verdictOf(SCORES, 0), 2)).toEqual([1, 2]);
  expect(topClasses(verdictOf(Float32Array.of(0, 0, 0), 0), 5)).toEqual([0, 1, 2]);
});
