import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ImageShape } from '../../image/image.ts';
import { randomStream } from '../../random/stream.ts';
import type { Box } from '../../sets/box.ts';
import { drawTransformation } from '../../sets/draws.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { type Scores, viewScores } from './view-scores.ts';

/** The transformations of an exported vote: the same ones for every image, drawn once from the box. */
export function voteTransformations(votes: number, box: Box, seed: number): Transformation[] {
  const stream = randomStream(seed, 'exported vote');
  return Array.from({ length: votes }, (_, i) => drawTransformation(box, stream, i));
}

/**
 * Majority vote inside the graph: the classifier sees every transformation of the input; the class most often predicted
 * wins, ties by mean probability. `logits` becomes log((votes + ½ · mean probability) / (m + ½)), whose largest entry
 * is the winner, since votes differ by whole numbers and the second term stays below one half.
 * @param graph one input [batch, channels, height, width] of raw pixels, one output [batch, width]
 */
export function votedGraph(
  graph: Graph,
  shape: ImageShape,
  output: Scores,
  transformations: readonly Transformation[],
): Graph {
  const votes = transformations.length;
  const b = new GraphBuilder(`${graph.name}-vote-${votes}`);
  const probabilities = b.op('Softmax', [viewScores(b, graph, shape, output, transformations)], { axis: 2 });
  const chosen = b.op('ArgMax', [probabilities], { axis: 2, keepdims: 0 });
  const ballots = b.op('OneHot', [chosen, b.ints(output.width), b.constant([0, 1])], { axis: 2 });
  const sum = (x: string): string => b.op('ReduceSum', [x, b.ints([0])], { keepdims: 0 });
  const score = b.op('Add', [sum(ballots), b.op('Mul', [sum(probabilities), b.constant(0.5 / votes)])]);
  // A class that nothing speaks for has a score of 0, whose logarithm would be −∞.
  const positive = b.op('Max', [b.op('Div', [score, b.constant(votes + 0.5)]), b.constant(1e-30)]);
  b.outputAs('logits', b.op('Log', [positive]), 'float32', ['batch', output.width]);
  return b.build();
}
