import type { GraphBuilder } from '../../onnx/builder.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { inline } from '../../onnx/inline.ts';
import type { Trainable } from '../network/trainable.ts';
import type { PixelAttack } from '../objectives/objective.ts';
import { gradientGraph } from '../step/frozen-model.ts';
import { withBatch } from '../step/with-batch.ts';
import { accelerate } from './accelerate.ts';

/**
 * Projected gradient ascent in pixels on the network in inference mode.
 * @param images [batch, channels, height, width] @param starts where it begins, of that shape @param labels [batch,
 *   classes]
 * @param tensors parameters and running statistics by name @returns the images' shape
 */
export function attackedImages(
  b: GraphBuilder,
  { network, batch }: { readonly network: Trainable; readonly batch: number },
  { epsilon, steps, stepSize }: PixelAttack,
  images: string,
  starts: string,
  labels: string,
  tensors: Record<string, string>,
): string {
  const { graph, gradients } = gradientGraph(network);
  const slope = accelerate(withBatch(pruneGraph(graph, [gradients.get('input') as string]), batch));
  const low = b.op('Max', [b.op('Sub', [images, b.constant(epsilon)]), b.constant(0)]);
  const high = b.op('Min', [b.op('Add', [images, b.constant(epsilon)]), b.constant(1)]);
  let x = starts;
  for (let step = 0; step < steps; step++) {
    const [byPixel] = inline(b, slope, `attack ${step}/`, { ...tensors, input: x, targets: labels });
    const moved = b.op('Add', [x, b.op('Mul', [b.op('Sign', [byPixel]), b.constant(stepSize)])]);
    x = b.op('Min', [b.op('Max', [moved, low]), high]);
  }
  return x;
}
