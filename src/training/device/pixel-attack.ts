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
  attack: PixelAttack,
  images: string,
  starts: string,
  labels: string,
  tensors: Record<string, string>,
): string {
  const { graph, gradients } = gradientGraph(network);
  const slope = accelerate(withBatch(pruneGraph(graph, [gradients.get('input') as string]), batch));
  let x = starts;
  for (let step = 0; step < attack.steps; step++) {
    const [byPixel] = inline(b, slope, `attack ${step}/`, { ...tensors, input: x, targets: labels });
    x = moved(b, attack, images, x, byPixel);
  }
  return x;
}

/** `stepWithin` of objectives/linf.ts as a graph. */
export function moved(
  b: GraphBuilder,
  { epsilon, stepSize }: PixelAttack,
  images: string,
  x: string,
  gradient: string,
): string {
  const low = b.op('Max', [b.op('Sub', [images, b.constant(epsilon)]), b.constant(0)]);
  const high = b.op('Min', [b.op('Add', [images, b.constant(epsilon)]), b.constant(1)]);
  const stepped = b.op('Add', [x, b.op('Mul', [b.op('Sign', [gradient]), b.constant(stepSize)])]);
  return b.op('Min', [b.op('Max', [stepped, low]), high]);
}
