import type { Graph, Node } from './graph.ts';

const known = new WeakMap<Graph, ReadonlyMap<string, Node>>();

/** The node that makes each value that a node makes. */
export function makersOf(graph: Graph): ReadonlyMap<string, Node> {
  const makers = known.get(graph) ?? findMakers(graph);
  known.set(graph, makers);
  return makers;
}

function findMakers(graph: Graph): ReadonlyMap<string, Node> {
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const name of node.outputs) if (name !== '') makers.set(name, node);
  return makers;
}

/** The nodes that read each value, in order; what inner graphs read from around them is left out. */
export function readersOf(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(node.inputs)) {
      if (name === '') continue;
      const list = readers.get(name);
      if (list === undefined) readers.set(name, [node]);
      else list.push(node);
    }
  }
  return readers;
}
