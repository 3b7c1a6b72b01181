import { expect, it } from 'vitest';
import { binomialTail, clopperPearsonUpper } from './clopper-pearson.ts';

it('sums the binomial distribution', () => {
  // Of three throws of a fair coin: 1/8 without a head, 4/8 with at most one.
  expect(binomialTail(0, 3, 0.5)).toBeCloseTo(1 / 8, 14);
  expect(binomialTail(1, 3, 0.5)).toBeCloseTo(4 / 8, 14);
  expect(binomialTail(3, 3, 0.5)).toBeCloseTo(1, 14);
});

it('gives the rule of three its exact form where nothing was found', () => {
  // (1 − p)ⁿ = risk
  for (const [n, risk] of [
    [1, 0.05],
    [299, 0.05],
    [797, 1e-3 / 3],
  ])
    expect(clopperPearsonUpper(0, n, risk)).toBeCloseTo(1 - risk ** (1 / n), 12);
});

it('agrees with scipy.stats.beta.ppf(1 − risk, k + 1, n − k)', () => {
  EXPECTED.forEach(([k, n, risk, bound]) => expect(clopperPearsonUpper(k, n, risk)).toBeCloseTo(bound, 10));
  expect(clopperPearsonUpper(5, 5, 0.05)).toBe(1);
});

const EXPECTED: readonly (readonly [k: number, n: number, risk: number, bound: number])[] = [
  [1, 10, 0.05, 0.3941633024365],
  [2, 50, 0.025, 0.13713762560397],
  [7, 797, 1e-3 / 3, 0.026419042603843],
  [20, 3188, 1e-3 / 3, 0.012567055465398],
  [99, 100, 0.05, 0.99948719858374],
];
