import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argMax, crossEntropy } from './cross-entropy.ts';
import { largestOf, leastOf } from './extremes.ts';
import { pairedDifference } from './paired-difference.ts';
import { wilsonInterval } from './wilson.ts';

describe('largestOf and leastOf', () => {
  it('walk lists that are too long for an argument list', () => {
    const values = Float32Array.from({ length: 300_000 }, (_, i) => i);
    expect([largestOf(values), leastOf(values)]).toEqual([299_999, 0]);
    expect([largestOf([]), leastOf([])]).toEqual([-Infinity, Infinity]);
  });
});

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

describe('pairedDifference', () => {
  it('agrees with published values', () => {
    const rounded = (both: number, onlyA: number, onlyB: number, neither: number) => {
      const { difference, interval } = pairedDifference({ both, onlyA, onlyB, neither });
      return [difference, ...interval].map((value) => Math.round(value * 1e4) / 1e4);
    };
    // Newcombe (1998), method 10, for 36, 12, 2, 0, with the sign of B less A.
    expect(rounded(36, 2, 12, 0)).toEqual([0.2, 0.0569, 0.3404]);
    // Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for paired binomial proportions"
    // (2014): −0.507 to −0.026.
    expect(rounded(1, 7, 1, 12)).toEqual([-0.2857, -0.5069, -0.0256]);
  });

  it('is empty-safe, and the same with the sides exchanged', () => {
    expect(pairedDifference({ both: 0, onlyA: 0, onlyB: 0, neither: 0 })).toEqual({ difference: 0, interval: [-1, 1] });
    const count = fc.nat(2000);
    fc.assert(
      fc.property(count, count, count, count, (both, onlyA, onlyB, neither) => {
        const {
          difference,
          interval: [low, high],
        } = pairedDifference({ both, onlyA, onlyB, neither });
        const other = pairedDifference({ both, onlyA: onlyB, onlyB: onlyA, neither });
        expect(other.difference).toBeCloseTo(-difference, 12);
        expect(other.interval[0]).toBeCloseTo(-high, 12);
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        expect(Math.min(low, -high)).toBeGreaterThanOrEqual(-1);
      }),
    );
  });

  it('is narrower the more the two go together', () => {
    const width = (both: number, onlyA: number, onlyB: number, neither: number) => {
      const {
        interval: [low, high],
      } = pairedDifference({ both, onlyA, onlyB, neither });
      return high - low;
    };
    // 60 and 62 of 100 each time.
    expect(width(60, 0, 2, 38)).toBeLessThan(0.5 * width(40, 20, 22, 18));
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
