import { exponentialsOf } from './log-sum-exp.ts';

/**
 * Softmax of each row, computed from its largest score down.
 * @param scores [rows, classes]
 * @param into takes as many values; it is returned
 */
export function softmax<A extends Float32Array | Float64Array>(scores: ArrayLike<number>, classes: number, into: A): A {
  for (let start = 0; start < scores.length; start += classes) {
    const { largest, sum } = exponentialsOf(scores, start, classes);
    for (let i = start; i < start + classes; i++) into[i] = Math.exp(scores[i] - largest) / sum;
  }
  return into;
}
