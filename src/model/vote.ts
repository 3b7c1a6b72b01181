import { argMax, crossEntropy } from '../statistics/cross-entropy.ts';

/**
 * The majority vote over several classifications of one input: the most frequent class wins, ties by mean probability, then
 * the lower class. Its loss is the cross-entropy of the mean probability.
 *
 * @param logits [ballots, classes]
 */
export function voteOutcome(logits: Float32Array, classes: number, label: number): { predicted: number; loss: number } {
  const ballots = logits.length / classes;
  const votes = new Float64Array(classes);
  const mean = new Float64Array(classes);
  for (let ballot = 0; ballot < ballots; ballot++) {
    const offset = ballot * classes;
    const best = argMax(logits, offset, classes);
    votes[best]++;
    // p_i = exp(z_i − z_best) · p_best
    const top = Math.exp(-crossEntropy(logits, offset, classes, best));
    for (let i = 0; i < classes; i++) mean[i] += (Math.exp(logits[offset + i] - logits[offset + best]) * top) / ballots;
  }
  const most = Math.max(...votes);
  // Among the classes with the most votes the mean probability decides; all others are out.
  const predicted = argMax(mean.map((p, i) => (votes[i] === most ? p : -1)), 0, classes);
  return { predicted, loss: -Math.log(Math.max(mean[label], Number.MIN_VALUE)) };
}
