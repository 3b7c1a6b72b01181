import type { Graph, Node } from '../onnx/graph.ts';
import { SourceGraph } from '../onnx/rewriting/source-graph.ts';

/**
 * Relu nodes whose values go into a MaxPool and nowhere else, alone or joined with others of the kind, and these
 * MaxPool nodes. Where a maximum is zero no gradient passes the Relu, whichever value of the window it is of: the mask
 * of the maxima does what that of all values does, and there are fewer of them.
 * @param kept values whose own gradients are asked for
 */
export function findPooledRelus(graph: Graph, kept: readonly string[]): ReadonlySet<Node> {
  const source = new SourceGraph(graph);
  const passesOn = (value: string): boolean => source.uses(value) === 1 && !kept.includes(value);
  const relusOf = (value: string): readonly Node[] | undefined => {
    const maker = passesOn(value) ? source.maker(value) : undefined;
    if (maker?.opType === 'Relu') return [maker];
    if (maker?.opType !== 'Concat') return undefined;
    const parts = maker.inputs.map(relusOf);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  };
  const found = new Set<Node>();
  for (const pool of graph.nodes) {
    if (pool.opType !== 'MaxPool') continue;
    const relus = relusOf(pool.inputs[0]);
    if (relus === undefined) continue;
    for (const node of [pool, ...relus]) found.add(node);
  }
  return found;
}
