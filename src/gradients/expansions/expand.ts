import { Expanding, type Expansion } from '../../onnx/expansions/expansion.ts';
import { valuesOf } from '../../onnx/expansions/expand.ts';
import { GRADIENT_DOMAIN, type Graph, type Node } from '../../onnx/graph.ts';
import { rewrite, type Rewriter, type Written } from '../../onnx/rewriting/rewriter.ts';
import { convWeightGradient } from './convolution-weights.ts';
import { maxPoolGradient } from './max-pool.ts';

/** The operators of `GRADIENT_DOMAIN`, written with standard ones. */
const STANDARD: Readonly<Record<string, Expansion>> = {
  ConvWeightGradient: convWeightGradient,
  MaxPoolGradient: maxPoolGradient,
};

/**
 * The graph with gradients that are operators of their own written with standard ones.
 * @param which the nodes to write so; default: all
 */
export function expandGradients(graph: Graph, which: (node: Node) => boolean = () => true): Graph {
  const meant = (node: Node): boolean => node.domain === GRADIENT_DOMAIN && which(node);
  if (!graph.nodes.some(meant)) return graph;
  return rewrite(graph, (node, r) => (meant(node) ? expandGradient(node, r) : undefined));
}

/** Writes one such node with standard operators. */
export function expandGradient(node: Node, r: Rewriter): Written {
  const inputs = node.inputs.map((name) => r.value(name));
  const given = new Map(inputs.map((value, i) => [value, node.inputs[i]]));
  return valuesOf(
    new Expanding(r.b, { ...node, inputs }, (value) => r.source.info(given.get(value) ?? value)),
    STANDARD[node.opType],
  );
}
