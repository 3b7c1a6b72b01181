/** Softmax of a row by its formula: what tests hold the careful ones against, for scores that do not overflow. */
export function plainSoftmax(scores: ArrayLike<number>): number[] {
  const exponentials = Array.from(scores, (score) => Math.exp(score));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((e) => e / sum);
}
