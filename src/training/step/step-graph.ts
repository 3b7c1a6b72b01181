import { differentiateByMeaning, type Differentiated } from '../../gradients/differentiate.ts';
import { totalCrossEntropy } from '../../gradients/losses.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { meanOf, varianceOf } from '../network/trainable.ts';
import type { Trainable } from '../network/trainable.ts';
import { distanceLoss, type Distance } from './loss.ts';

/** The part of the loss that pulls the scores of natural and transformed images together. */
export interface PairTerm {
  readonly distance: Distance;
  readonly lambda: number;
}

/**
 * One training step as a graph of standard operators, and gradients as operators of their own.
 * In: `input` [batch, channels, height, width], `targets` [batch, classes], every parameter by its name.
 * Out: `loss` (scalar), the gradient of each parameter under the name in `gradients`, each norm's batch mean and
 * variance. With a pair term the batch holds natural images and after them, in the same order, their transformed
 * copies.
 */
export function stepGraph(network: Trainable, pair?: PairTerm): Differentiated {
  const b = new GraphBuilder('training-step');
  const { logits, norms } = network.forward(b, { kind: 'training' });
  const targets = b.input('targets', 'float32', ['batch', network.classes]);
  let loss = totalCrossEntropy(b, logits, targets);
  if (pair !== undefined) {
    const [natural, transformed] = b.ops('Split', [logits], 2, { axis: 0, num_outputs: 2 });
    const distance = distanceLoss(b, pair.distance, natural, transformed);
    loss = b.op('Add', [loss, b.op('Mul', [distance, b.constant(pair.lambda)])]);
  }
  b.outputAs('loss', loss, 'float32', []);
  for (const { name, channels } of norms) {
    b.output(meanOf(name), 'float32', [channels]);
    b.output(varianceOf(name), 'float32', [channels]);
  }
  return differentiateByMeaning(b.build(), { output: 'loss', by: network.parameters.map((p) => p.name) });
}
