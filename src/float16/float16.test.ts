import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from './float16.ts';

test('every float16 survives', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16(bits);
    if (!Number.isNaN(value)) expect(toFloat16(value)).toBe(bits);
  }
  expect(fromFloat16(toFloat16(NaN))).toBeNaN();
});

test.each([
  [1 + 2 ** -11, 1], // a tie goes to the even one: below,
  [1 + 3 * 2 ** -11, 1 + 2 ** -9], // and above
  [1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
  [65519, 65504],
  [65520, Infinity],
  [-1e9, -Infinity],
  [2 ** -25, 0],
  [1.5 * 2 ** -25, 2 ** -24],
  [1e-30, 0],
])('%d becomes %d', (value, expected) => {
  expect(fromFloat16(toFloat16(value))).toBe(expected);
});

test('nothing nearer exists', () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const bits = toFloat16(value);
      const error = Math.abs(fromFloat16(bits) - value);
      for (const neighbour of [bits - 1, bits + 1]) {
        const other = fromFloat16(neighbour & 0xffff);
        if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
      }
    }),
  );
});
