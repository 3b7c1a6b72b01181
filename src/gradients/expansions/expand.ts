import { GRADIENT_DOMAIN, type Graph, type Node } from '../../onnx/graph.ts';
import { rewrite, type Rewriter, type Written } from '../../onnx/rewriting/rewriter.ts';
import { BackwardStep } from '../step.ts';
import { batchNormalizationGradient } from './batch-normalization.ts';
import { convInputGradient } from './convolution-input.ts';
import { convWeightGradient } from './convolution-weights.ts';
import type { GradientForm } from './form.ts';
import { maxPoolGradient } from './max-pool.ts';
import { positiveMask } from './positive.ts';

/** The operators of `GRADIENT_DOMAIN`, written with standard ones. */
const STANDARD: Readonly<Record<string, GradientForm>> = {
  ConvInputGradient: convInputGradient,
  ConvWeightGradient: convWeightGradient,
  MaxPoolGradient: maxPoolGradient,
  BatchNormalizationGradient: batchNormalizationGradient,
  Positive: positiveMask,
};

/**
 * The graph with gradients that are operators of their own written with standard ones.
 * @param which the nodes to write so; default: all
 */
export function expandGradients(graph: Graph, which: (node: Node) => boolean = () => true): Graph {
  const meant = (node: Node): boolean => node.domain === GRADIENT_DOMAIN && which(node);
  if (!graph.nodes.some(meant)) return graph;
  return rewrite(graph, (node, r) => (meant(node) ? expandGradient(node, r) : undefined), { names: 'outputs' });
}

/** Writes one such node with standard operators. */
export function expandGradient(node: Node, r: Rewriter): Written {
  const inputs = node.inputs.map((name) => r.value(name));
  const given = new Map(inputs.map((value, i) => [value, node.inputs[i]]));
  const view = {
    node: { ...node, inputs },
    info: (value: string) => r.source.info(given.get(value) ?? value),
    numbers: (value: string) => r.source.numbers(given.get(value) ?? value),
    masksAtMaximum: false,
  };
  return STANDARD[node.opType](new BackwardStep(r.b, view, inputs.slice(-1), new Set(inputs.keys())));
}
