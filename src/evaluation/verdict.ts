import { argMax, crossEntropy } from '../statistics/cross-entropy.ts';
import { largestOf } from '../statistics/extremes.ts';
import { softmax } from '../statistics/softmax.ts';

/** What a classifier makes of one input. */
export interface Verdict {
  readonly predicted: number;
  /** Softmax of the scores, one for each class. */
  readonly probabilities: Float64Array;
  /** Cross-entropy of the true class, natural logarithm. */
  readonly loss: number;
  /**
   * Score of the true class less the highest of the others: positive where it is right, near 0 where it is close.
   * Scores are log-probabilities up to a constant.
   */
  readonly margin: number;
}

/**
 * @param logits one score for each class
 * @param label the true class
 */
export function verdictOf(logits: Float32Array, label: number): Verdict {
  const classes = logits.length;
  return {
    predicted: argMax(logits, 0, classes),
    probabilities: softmax(logits, classes, new Float64Array(classes)),
    loss: crossEntropy(logits, 0, classes, label),
    margin: logits[label] - largestOf(logits.filter((_, i) => i !== label)),
  };
}

/** The classes of highest probability, the highest first; equals in their order. */
export function topClasses({ probabilities }: Verdict, count: number): number[] {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b).slice(0, count);
}
