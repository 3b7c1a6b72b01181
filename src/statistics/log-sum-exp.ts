/**
 * The largest value of a row, and Σ exp(value − largest), of which no term overflows: ln Σ exp(value) is the first plus
 * the logarithm of the second.
 * @param offset position of the row's first value
 */
export function exponentialsOf(
  values: ArrayLike<number>,
  offset: number,
  length: number,
): { readonly largest: number; readonly sum: number } {
  let largest = -Infinity;
  for (let i = 0; i < length; i++) largest = Math.max(largest, values[offset + i]);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += Math.exp(values[offset + i] - largest);
  return { largest, sum };
}
