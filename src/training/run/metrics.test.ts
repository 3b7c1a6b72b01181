import { describe, expect, it } from 'vitest';
import { keepsLast } from './metrics.ts';

const BASELINE = { natural: 1, worstOf10: 0.41 };

describe('the epoch that is kept', () => {
  const after = (natural: number, worstOf10: number, heldOut = 100) => ({ natural, worstOf10, heldOut });
  /** Worth 0.64 − 3 · (0.03 − 0.01) = 0.58. */
  const best = after(0.97, 0.64);

  it('is the last one while the best is better by no more than its standard error', () => {
    expect(keepsLast([best], BASELINE, 0.01)).toBe(true);
    // Worth 0.66 − 3 · 0.05 = 0.51, error √((0.25 · 0.75 + 9 · 0.06 · 0.94) / 100) = 0.0834.
    expect(keepsLast([best, after(0.94, 0.66)], BASELINE, 0.01)).toBe(true);
    // Worth 0.48, error 0.0880.
    expect(keepsLast([best, after(0.93, 0.66)], BASELINE, 0.01)).toBe(false);
    expect(keepsLast([best, after(0.94, 0.66), after(0.93, 0.66)], BASELINE, 0.01)).toBe(false);
  });

  it('is told more sharply by more images', () => {
    // The error is 0.0264 with a thousand.
    const [first, second] = [after(0.97, 0.64, 1000), after(0.94, 0.66, 1000)];
    expect(keepsLast([first, second], BASELINE, 0.01)).toBe(false);
    expect(keepsLast([second, first], BASELINE, 0.01)).toBe(true);
  });

  it('is none that is worth no more than the model as it came, however few images there are', () => {
    expect(keepsLast([after(1, 0.41, 10)], BASELINE, 0.01)).toBe(false);
    expect(keepsLast([after(0.9, 0.6, 10)], BASELINE, 0.01)).toBe(false);
    // What may be lost costs nothing.
    expect(keepsLast([after(0.9, 0.6, 10)], BASELINE, 0.1)).toBe(true);
  });
});
