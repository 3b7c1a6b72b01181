import { expect, it } from 'vitest';
import { formatLoss, formatNumber, formatPercent } from './numbers.ts';

it('formats percent', () => {
  expect(formatPercent(0.91333)).toBe('91.3\u00a0%');
  expect(formatPercent(0.91734, 2)).toBe('91.73\u00a0%');
  expect(formatPercent(1)).toBe('100.0\u00a0%');
});

it('formats numbers without trailing zeros and with a true minus', () => {
  expect(formatNumber(-1.5)).toBe('−1.5');
  expect(formatNumber(-0.001)).toBe('0');
  expect(formatNumber(2.999)).toBe('3');
});

it('formats losses of any size', () => {
  expect([17.254, 0.4567, 2.3e-7, 0, Infinity].map(formatLoss)).toEqual(['17.25', '0.457', '2e−7', '0', '∞']);
});
