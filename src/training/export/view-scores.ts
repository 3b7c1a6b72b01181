import type { ImageShape } from '../../image/image.ts';
import type { ModelOutput } from '../../model/description.ts';
import { writeLogits } from '../../model/preprocessing-graph.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { codeOf } from '../../onnx/element-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import { inline } from '../../onnx/inline.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { fixedWarp } from './fixed-warp.ts';

/** What the rows of a classifier's output are. */
export type Scores = Pick<ModelOutput, 'kind'> & { readonly width: number };

/**
 * Logits of a classifier for fixed transformations of what it is given, all in one batch.
 * @param graph one input [batch, channels, height, width] of raw pixels, one output [batch, width]
 * @returns [transformations, batch, width]; the input of `b` is called `input`
 */
export function viewScores(
  b: GraphBuilder,
  graph: Graph,
  shape: ImageShape,
  { kind, width: classes }: Scores,
  transformations: readonly Transformation[],
): string {
  const { channels, height, width } = shape;
  const input = b.input('input', 'float32', ['batch', channels, height, width]);
  const flat = b.op('Reshape', [input, b.ints([0, channels, height * width])]);
  const views = transformations.map((t) => fixedWarp(b, flat, shape, t));
  const stacked = b.op('Reshape', [b.op('Concat', views, { axis: 0 }), b.ints([-1, channels, height, width])]);
  const [scores] = inline(b, graph, 'model/', { [graph.inputs[0].name]: stacked });
  const real = b.op('Cast', [scores], { to: codeOf('float32') });
  const logits = writeLogits(b, real, { name: '', kind, width: classes, labelOffset: 0 });
  return b.op('Reshape', [logits, b.ints([transformations.length, -1, classes])]);
}
