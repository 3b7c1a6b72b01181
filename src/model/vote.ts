import { argMax, crossEntropy, lossOfProbability } from '../statistics/cross-entropy.ts';
import { largestOf } from '../statistics/extremes.ts';

/**
 * The majority vote over several classifications of one input: the most frequent class wins, ties by mean probability,
 * then the lower class. Its loss is the cross-entropy of the mean probability. Where the vote was settled early, the
 * mean is that of the ballots cast.
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
  const most = largestOf(votes);
  // Among the classes with the most votes the mean probability decides; all others are out.
  const predicted = argMax(
    mean.map((p, i) => (votes[i] === most ? p : -1)),
    0,
    classes,
  );
  return { predicted, loss: lossOfProbability(mean[label]) };
}

/**
 * Ballots out of `draws` that settle a vote if they agree: the others could not outnumber or tie with them any more.
 */
export function ballotsToSettle(draws: number): number {
  return Math.floor(draws / 2) + 1;
}

/** @param logits [ballots, classes] */
export function isUnanimous(logits: Float32Array, classes: number): boolean {
  const winner = argMax(logits, 0, classes);
  for (let offset = classes; offset < logits.length; offset += classes) {
    if (argMax(logits, offset, classes) !== winner) return false;
  }
  return true;
}
