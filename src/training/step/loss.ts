import { kullbackLeibler, meanOverBatch, squaredDistance } from '../../gradients/losses.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';

/** Distance between the scores of natural and of transformed images, a mean over pairs. */
export const DISTANCES = ['kl', 'l2'] as const;
export type Distance = (typeof DISTANCES)[number];

/**
 * - `kl`: KL(p ‖ q) = Σ p (log p − log q), p = softmax(natural), q = softmax(transformed); gradients flow into both
 * - `l2`: Σ (natural − transformed)²
 * @param natural [pairs, classes] @param transformed [pairs, classes] @returns a scalar, the mean over pairs
 */
export function distanceLoss(b: GraphBuilder, kind: Distance, natural: string, transformed: string): string {
  return meanOverBatch(b, (kind === 'l2' ? squaredDistance : kullbackLeibler)(b, natural, transformed));
}
