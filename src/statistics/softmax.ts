/**
 * Softmax of each row, computed from its largest score down.
 * @param scores [rows, classes]
 * @param into takes as many values; it is returned
 */
export function softmax<A extends Float32Array | Float64Array>(scores: ArrayLike<number>, classes: number, into: A): A {
  for (let start = 0; start < scores.length; start += classes) {
    let largest = -Infinity;
    for (let i = start; i < start + classes; i++) largest = Math.max(largest, scores[i]);
    let sum = 0;
    for (let i = start; i < start + classes; i++) sum += Math.exp(scores[i] - largest);
    for (let i = start; i < start + classes; i++) into[i] = Math.exp(scores[i] - largest) / sum;
  }
  return into;
}
