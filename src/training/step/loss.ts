import { kullbackLeibler, squaredDistance } from '../../gradients/losses.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';

/**
 * Soft cross-entropy −Σ targets · log softmax(logits) / Σ weights, a scalar. Rows of `targets` hold a distribution over
 * classes times the row's weight, so that label smoothing and leaving rows out are matters of the targets alone.
 * @param logits [batch, classes]
 * @param targets [batch, classes]; the caller scales them so that the sum over rows is the mean wanted
 */
export function softCrossEntropy(b: GraphBuilder, logits: string, targets: string): string {
  const logProbabilities = b.op('LogSoftmax', [logits], { axis: 1 });
  const agreement = b.op('Mul', [targets, logProbabilities]);
  return b.op('Neg', [b.op('ReduceSum', [agreement], { keepdims: 0 })]);
}

/** Distance between the scores of natural and of transformed images, a mean over pairs. */
export type Distance = 'kl' | 'l2';

/**
 * - `kl`: KL(p ‖ q) = Σ p (log p − log q), p = softmax(natural), q = softmax(transformed); gradients flow into both
 * - `l2`: Σ (natural − transformed)²
 * @param natural [pairs, classes] @param transformed [pairs, classes] @returns a scalar, the mean over pairs
 */
export function distanceLoss(b: GraphBuilder, kind: Distance, natural: string, transformed: string): string {
  const rows = (kind === 'l2' ? squaredDistance : kullbackLeibler)(b, natural, transformed);
  return b.op('ReduceMean', [rows], { keepdims: 0 });
}
