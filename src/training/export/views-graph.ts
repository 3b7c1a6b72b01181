import type { ImageShape } from '../../image/image.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { codeOf } from '../../onnx/element-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { type Scores, viewScores } from './view-scores.ts';

/** How the answers to several views of an image become one. */
export const ANSWERS = ['mean', 'most-confident', 'least-energy'] as const;
export type Answer = (typeof ANSWERS)[number];

/**
 * A classifier that looks at fixed views of an image: it answers with the mean of their probabilities, or as to the one
 * view of which it is surest (by its largest probability) or whose energy −log Σ exp(score) is least (Liu et al.,
 * "Energy-based out-of-distribution detection", NeurIPS 2020); of equals the first.
 * @param graph one input [batch, channels, height, width] of raw pixels, one output [batch, width]
 * @returns the same with `logits`, of the mean their logarithms
 */
export function viewsGraph(
  graph: Graph,
  shape: ImageShape,
  output: Scores,
  views: readonly Transformation[],
  answer: Answer,
): Graph {
  const b = new GraphBuilder(`${graph.name}-${answer}-of-${views.length}`);
  const scores = viewScores(b, graph, shape, output, views);
  const sumOverViews = (x: string): string => b.op('ReduceSum', [x, b.ints([0])], { keepdims: 0 });
  let logits: string;
  if (answer === 'mean') {
    const sum = sumOverViews(b.op('Softmax', [scores], { axis: 2 }));
    logits = b.op('Log', [b.op('Max', [b.op('Div', [sum, b.constant(views.length)]), b.constant(1e-30)])]);
  } else {
    const sureness =
      answer === 'most-confident'
        ? b.op('ReduceMax', [b.op('Softmax', [scores], { axis: 2 }), b.ints([2])], { keepdims: 0 })
        : b.op('ReduceLogSumExp', [scores, b.ints([2])], { keepdims: 0 });
    const chosen = b.op('ArgMax', [sureness], { axis: 0, keepdims: 0 });
    // [views, batch, 1]: one at the chosen view of each image.
    const isChosen = b.op('OneHot', [chosen, b.ints(views.length), b.constant([0, 1])], { axis: 0 });
    const mask = b.op('Cast', [b.op('Unsqueeze', [isChosen, b.ints([2])])], { to: codeOf('bool') });
    // A product with 0 would make a NaN of a class that is masked out by −∞.
    logits = sumOverViews(b.op('Where', [mask, scores, b.constant(0)]));
  }
  b.outputAs('logits', logits, 'float32', ['batch', output.width]);
  return b.build();
}

/** Copies turned by angles that are evenly spaced within ± `reach` degrees, both ends among them. */
export function turnedViews(count: number, reach: number): Transformation[] {
  return Array.from({ length: count }, (_, i) => ({ tx: 0, ty: 0, angle: reach * ((2 * i) / (count - 1) - 1) }));
}
