import { graphsOf } from './attributes.ts';
import type { Graph, Node, ValueInfo } from './graph.ts';
import { inferShapes } from './infer.ts';

/** The values that a node reads, those that its inner graphs take from around them included. */
export function valuesReadBy(node: Node): string[] {
  return [...node.inputs.filter((name) => name !== ''), ...graphsOf(node).flatMap(valuesTakenBy)];
}

/** The values that an inner graph takes from the graph around it. */
export function valuesTakenBy(graph: Graph): string[] {
  const own = new Set([
    ...graph.inputs.map((info) => info.name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap((node) => node.outputs),
  ]);
  return [...graph.nodes.flatMap(valuesReadBy), ...graph.outputs.map((info) => info.name)].filter(
    (name) => !own.has(name),
  );
}

/**
 * The part of a graph that the given values need: its outputs become these, other nodes and initializers go. The
 * inputs all stay, as they are what the caller feeds.
 * @param outputs names of values anywhere in the graph, in the order wanted; by default the graph's own outputs
 */
export function pruneGraph(graph: Graph, outputs?: readonly string[]): Graph {
  const wanted = outputs === undefined ? graph.outputs : boundary(graph, outputs);
  const needed = new Set(wanted.map((info) => info.name));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of valuesReadBy(node)) needed.add(name);
    nodes.push(node);
  }
  return {
    ...graph,
    outputs: wanted,
    nodes: nodes.reverse(),
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    valueInfo: new Map([...graph.valueInfo].filter(([name]) => needed.has(name))),
  };
}

function boundary(graph: Graph, names: readonly string[]): ValueInfo[] {
  const infos = inferShapes(graph);
  return names.map((name) => {
    const info = graph.outputs.find((output) => output.name === name) ?? infos.get(name);
    if (info === undefined) throw new Error(`internal: '${name}' is no value of the graph whose type is known`);
    return info;
  });
}
