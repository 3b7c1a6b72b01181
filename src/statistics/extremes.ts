/**
 * The largest of any number of values, −∞ where there are none; `Math.max(...values)` throws a RangeError from about
 * 120,000 on.
 */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** The least of any number of values, ∞ where there are none. */
export function leastOf(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}
