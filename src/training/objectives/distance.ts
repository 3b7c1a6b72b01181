import type { Distance } from '../step/loss.ts';
import type { Badness } from './candidates.ts';

/**
 * The distance between a candidate's scores and those of the image as it is: the same as in the loss (step/loss.ts).
 */
export function softmaxDistance(kind: Distance, natural: Float32Array, classes: number): Badness {
  return (logits, offset, image) => {
    const base = image * classes;
    if (kind === 'l2') {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += (natural[base + c] - logits[offset + c]) ** 2;
      return sum;
    }
    const p = logSumExp(natural, base, classes);
    const q = logSumExp(logits, offset, classes);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const logP = natural[base + c] - p;
      sum += Math.exp(logP) * (logP - (logits[offset + c] - q));
    }
    return sum;
  };
}

function logSumExp(values: Float32Array, offset: number, length: number): number {
  let largest = -Infinity;
  for (let i = 0; i < length; i++) largest = Math.max(largest, values[offset + i]);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += Math.exp(values[offset + i] - largest);
  return largest + Math.log(sum);
}
