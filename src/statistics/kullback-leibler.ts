import { exponentialsOf } from './log-sum-exp.ts';

/**
 * KL(p ‖ q) = Σ p (log p − log q) of the distributions of two rows of scores, p = softmax(scores), q = softmax(others).
 * @param offset position of the first value of the row
 */
export function kullbackLeibler(
  scores: Float32Array,
  offset: number,
  others: Float32Array,
  otherOffset: number,
  classes: number,
): number {
  const p = logSumExp(scores, offset, classes);
  const q = logSumExp(others, otherOffset, classes);
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const logP = scores[offset + c] - p;
    sum += Math.exp(logP) * (logP - (others[otherOffset + c] - q));
  }
  return sum;
}

function logSumExp(values: Float32Array, offset: number, length: number): number {
  const { largest, sum } = exponentialsOf(values, offset, length);
  return largest + Math.log(sum);
}
