import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ImageShape } from '../../image/image.ts';
import { randomStream } from '../../random/stream.ts';
import type { Box } from '../../sets/box.ts';
import { drawTransformation } from '../../sets/draws.ts';
import { conventionPasses } from '../../transform/affine.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { inline } from '../../onnx/inline.ts';

/** The transformations of an exported vote: the same ones for every image, drawn once from the box. */
export function voteTransformations(votes: number, box: Box, seed: number): Transformation[] {
  const stream = randomStream(seed, 'exported vote');
  return Array.from({ length: votes }, (_, i) => drawTransformation(box, stream, i));
}

/**
 * Majority vote inside the graph: the classifier sees every transformation of the input; the class most often predicted
 * wins, ties by mean probability. `logits` becomes log((votes + ½ · mean probability) / (m + ½)), whose largest entry
 * is the winner, since votes differ by whole numbers and the second term stays below one half.
 *
 * The transformation is that of `createWarp` with zero padding: each output pixel is a sum of four gathered input
 * pixels with constant weights.
 * @param graph one input [batch, channels, height, width] of raw pixels, one output [batch, classes] of logits
 */
export function votedGraph(
  graph: Graph,
  shape: ImageShape,
  classes: number,
  transformations: readonly Transformation[],
): Graph {
  const { channels, height, width } = shape;
  const votes = transformations.length;
  const b = new GraphBuilder(`${graph.name}-vote-${votes}`);
  const input = b.input('input', 'float32', ['batch', channels, height, width]);
  const flat = b.op('Reshape', [input, b.ints([0, channels, height * width])]);
  const views = transformations.map((t) => transformed(b, flat, shape, t));
  const stacked = b.op('Reshape', [b.op('Concat', views, { axis: 0 }), b.ints([-1, channels, height, width])]);
  const [logits] = inline(b, graph, 'model/', { [graph.inputs[0].name]: stacked });
  const probabilities = b.op('Softmax', [b.op('Reshape', [logits, b.ints([votes, -1, classes])])], { axis: 2 });
  const chosen = b.op('ArgMax', [probabilities], { axis: 2, keepdims: 0 });
  const ballots = b.op('OneHot', [chosen, b.ints(classes), b.constant([0, 1])], { axis: 2 });
  const sum = (x: string): string => b.op('ReduceSum', [x, b.ints([0])], { keepdims: 0 });
  const score = b.op('Add', [sum(ballots), b.op('Mul', [sum(probabilities), b.constant(0.5 / votes)])]);
  // A class that nothing speaks for has a score of 0, whose logarithm would be −∞.
  const positive = b.op('Max', [b.op('Div', [score, b.constant(votes + 0.5)]), b.constant(1e-30)]);
  b.outputAs('logits', b.op('Log', [positive]), 'float32', ['batch', classes]);
  return b.build();
}

/** @param flat [batch, channels, height · width] @returns the same shape */
function transformed(b: GraphBuilder, flat: string, shape: ImageShape, t: Transformation): string {
  const { offsets, weights } = constantTaps(shape, t);
  const dims = [4, shape.height * shape.width];
  const gathered = b.op('Gather', [flat, b.initializer('taps', { type: 'int32', dims, data: offsets })], { axis: 2 });
  const weighted = b.op('Mul', [gathered, b.initializer('weights', { type: 'float32', dims, data: weights })]);
  return b.op('ReduceSum', [weighted, b.ints([2])], { keepdims: 0 });
}

/**
 * The four input pixels that each output pixel reads and their bilinear weights, 0 outside of the image: [4, height ·
 * width] each.
 */
function constantTaps(shape: ImageShape, t: Transformation): { offsets: Int32Array; weights: Float32Array } {
  const { height, width } = shape;
  const [pass] = conventionPasses('gimbal', shape);
  const [a, b, e, c, d, f] = pass.map(t);
  const pixels = height * width;
  const offsets = new Int32Array(4 * pixels);
  const weights = new Float32Array(4 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    const xIn = a * x + b * y + e;
    const yIn = c * x + d * y + f;
    for (let tap = 0; tap < 4; tap++) {
      const column = Math.floor(xIn) + (tap & 1);
      const row = Math.floor(yIn) + (tap >> 1);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      offsets[tap * pixels + pixel] = row * width + column;
      weights[tap * pixels + pixel] = (1 - Math.abs(xIn - column)) * (1 - Math.abs(yIn - row));
    }
  }
  return { offsets, weights };
}
