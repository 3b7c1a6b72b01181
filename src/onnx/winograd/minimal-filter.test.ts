import { describe, expect, test } from 'vitest';
import { fittingFilter, minimalFilter } from './minimal-filter.ts';

function times(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
}

describe('minimalFilter', () => {
  test.each([2, 3, 4])('gives the sliding sums of three taps by m + 2 products: m = %i', (m) => {
    const { products, ofData, ofFilter, ofProducts } = minimalFilter(m);
    const data = Array.from({ length: m + 2 }, (_, i) => ((7 * i + 3) % 11) - 5);
    const taps = [2, -3, 5];
    const transformed = times(ofFilter, taps);
    const given = times(
      ofProducts,
      times(ofData, data).map((value, j) => value * transformed[j]),
    );
    expect(products).toBe(m + 2);
    expect(given).toHaveLength(m);
    given.forEach((value, i) =>
      expect(value).toBeCloseTo(
        taps.reduce((sum, tap, k) => sum + tap * data[i + k], 0),
        10,
      ),
    );
  });

  test('is the one of the paper for two outputs, up to signs', () => {
    expect(minimalFilter(2).ofFilter).toEqual([
      [-1, -0, -0],
      [0.5, 0.5, 0.5],
      [0.5, -0.5, 0.5],
      [0, 0, 1],
    ]);
    expect(minimalFilter(2).ofProducts).toEqual([
      [1, 1, 1, 0],
      [0, 1, -1, 1],
    ]);
  });
});

test.each([
  [1, 2],
  [2, 2],
  [3, 3],
  [5, 3],
  [7, 4],
  [14, 4],
  [15, 4],
  [56, 4],
])('%i outputs take the fewest products in tiles of %i', (outputs, m) => {
  expect(fittingFilter(outputs).outputs).toBe(m);
});
