import { expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph } from '../onnx/graph.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { modelOf } from '../testing/onnx.ts';
import { requireSteady } from './steadiness.ts';

/** Weights or the image standardised by a BatchNormalization in training mode. */
function standardizing(what: 'weights' | 'image'): Graph {
  const b = new GraphBuilder('standardised');
  b.input('x', 'float32', [1, 2]);
  const weights = b.initializer('w', tensorFrom('float32', [1, 2, 3, 4], [2, 2]));
  const [ones, zeros] = [1, 0].map((value) => b.initializer('c', tensorFrom('float32', [value, value])));
  const standard = (value: string): string =>
    b.ops('BatchNormalization', [value, ones, zeros, zeros, ones], 3, { training_mode: 1 })[0];
  const product = b.op('MatMul', what === 'weights' ? ['x', standard(weights)] : [standard('x'), weights]);
  b.output(product, 'float32', [1, 2]);
  return b.build();
}

it('a norm in training mode that standardises weights depends on no image', () => {
  const check = (what: 'weights' | 'image'): void => {
    const graph = standardizing(what);
    requireSteady(modelOf(graph), graph.outputs[0].name);
  };
  expect(() => check('weights')).not.toThrow();
  expect(() => check('image')).toThrow(/training mode/);
});
