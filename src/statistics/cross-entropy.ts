/**
 * −log softmax(logits)[label], natural logarithm, computed without overflow.
 *
 * @param logits rows of `classes` values
 * @param offset position of the row's first value
 */
export function crossEntropy(logits: Float32Array, offset: number, classes: number, label: number): number {
  const largest = logits[offset + argMax(logits, offset, classes)];
  let sum = 0;
  for (let i = 0; i < classes; i++) sum += Math.exp(logits[offset + i] - largest);
  return Math.log(sum) + (largest - logits[offset + label]);
}

/** Position of the largest value of a row; the first of equals. */
export function argMax(values: ArrayLike<number>, offset: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (values[offset + i] > values[offset + best]) best = i;
  return best;
}
