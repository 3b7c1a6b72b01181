/** Softmax of each row, computed from its largest score down: [rows, classes]. */
export function softmax(scores: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(scores.length);
  for (let start = 0; start < scores.length; start += classes) {
    let largest = -Infinity;
    for (let i = start; i < start + classes; i++) largest = Math.max(largest, scores[i]);
    let sum = 0;
    for (let i = start; i < start + classes; i++) sum += Math.exp(scores[i] - largest);
    for (let i = start; i < start + classes; i++) probabilities[i] = Math.exp(scores[i] - largest) / sum;
  }
  return probabilities;
}
