import { exponentialsOf } from './log-sum-exp.ts';

/**
 * The loss where the label's probability is 0, whose own would be infinite, which no file can hold: that of the least
 * positive number, 744.44.
 */
const LOSS_OF_ZERO = -Math.log(Number.MIN_VALUE);

/** The cross-entropy of a probability: −ln p, a number even of 0. */
export function lossOfProbability(p: number): number {
  return p > 0 ? -Math.log(p) : LOSS_OF_ZERO;
}

/**
 * −log softmax(logits)[label], natural logarithm, computed without overflow. Scores of −∞ are classes of probability 0.
 * What is differentiated, or stays on a device, has it as a graph (gradients/losses.ts).
 *
 * @param logits rows of `classes` values
 * @param offset position of the row's first value
 */
export function crossEntropy(logits: Float32Array, offset: number, classes: number, label: number): number {
  const { largest, sum } = exponentialsOf(logits, offset, classes);
  const score = logits[offset + label];
  return score === -Infinity ? LOSS_OF_ZERO : Math.log(sum) + (largest - score);
}

/** Position of the largest value of a row; the first of equals. */
export function argMax(values: ArrayLike<number>, offset: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (values[offset + i] > values[offset + best]) best = i;
  return best;
}
