import type { Graph } from '../onnx/graph.ts';
import { expandFusions } from '../onnx/expansions/expand.ts';
import { Knowledge } from './knowledge.ts';
import { findPaths } from './paths.ts';
import { findUnsupported } from './refusals.ts';
import type { Unsupported } from './refusals.ts';

/** What stands in the way of differentiating a graph, if anything does. */
export interface Differentiability {
  readonly differentiable: boolean;
  readonly unsupported: readonly Unsupported[];
}

/**
 * Whether the graph's floating-point outputs can be differentiated, and what stands in the way.
 * @param by values to differentiate by; default: the floating-point inputs
 */
export function differentiability(graph: Graph, by?: readonly string[]): Differentiability {
  const { graph: plain, refused } = expandFusions(graph);
  const knowledge = new Knowledge(plain, refused);
  const sources = by ?? graph.inputs.map((input) => input.name).filter((name) => knowledge.isFloat(name));
  const found = new Map<string, Unsupported>();
  for (const output of graph.outputs) {
    if (!knowledge.isFloat(output.name)) continue;
    const paths = findPaths(plain, output.name, sources, knowledge);
    for (const entry of findUnsupported(paths, knowledge)) found.set(JSON.stringify(entry), entry);
  }
  return { differentiable: found.size === 0, unsupported: [...found.values()] };
}
