import { describe, expect, it } from 'vitest';
import { argMax, crossEntropy } from './cross-entropy.ts';
import { wilsonInterval } from './wilson.ts';

describe('wilsonInterval', () => {
  it('agrees with published values', () => {
    // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
    const rounded = (correct: number, n: number) => wilsonInterval(correct, n).map((v) => Math.round(v * 1e4) / 1e4);
    expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
    expect(rounded(15, 148)).toEqual([0.0624, 0.1605]);
    expect(rounded(0, 20)).toEqual([0, 0.1611]);
    expect(rounded(1, 29)).toEqual([0.0061, 0.1718]);
  });

  it('is bounded at the ends and empty-safe', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(wilsonInterval(7, 7)[1]).toBe(1);
  });
});

describe('crossEntropy', () => {
  it('is log 2 for two equal logits, also for huge ones', () => {
    expect(crossEntropy(Float32Array.of(0, 0), 0, 2, 1)).toBeCloseTo(Math.log(2), 12);
    expect(crossEntropy(Float32Array.of(9, 3e38, 3e38), 1, 2, 0)).toBeCloseTo(Math.log(2), 12);
  });

  it('picks the first of equal maxima', () => {
    expect(argMax([1, 5, 5, 0], 0, 4)).toBe(1);
    expect(argMax([9, 1, 5, 5], 1, 3)).toBe(1);
  });
});
