import { largestOf, leastOf } from '../statistics/extremes.ts';

/**
 * Number of local maxima of values on a rectangle, row by row: points above all of their up to eight neighbours.
 * A flat top does not count, nor does a rise below a thousandth of the whole range.
 */
export function countMaxima(values: ArrayLike<number>, width: number): number {
  const height = values.length / width;
  const all = Array.from(values);
  const least = (largestOf(all) - leastOf(all)) / 1000;
  const higherThanAround = (row: number, column: number): boolean => {
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        if ((y !== row || x !== column) && !(all[row * width + column] > all[y * width + x] + least)) return false;
      }
    }
    return true;
  };
  return all.filter((_, i) => higherThanAround(Math.floor(i / width), i % width)).length;
}
