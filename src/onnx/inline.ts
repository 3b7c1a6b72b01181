import type { GraphBuilder } from './builder.ts';
import type { Graph } from './graph.ts';

/**
 * Writes a graph into another one, every name of it prefixed, its inputs replaced by values of the other.
 * @param inputs value for each input of `graph`, by name
 * @returns the other graph's names of the outputs, in order
 */
export function inline(
  b: GraphBuilder,
  graph: Graph,
  prefix: string,
  inputs: Readonly<Record<string, string>>,
): string[] {
  const names = new Map<string, string>([['', '']]);
  for (const { name } of graph.inputs) {
    if (inputs[name] === undefined) throw new Error(`internal: nothing is given for the input '${name}'`);
    names.set(name, inputs[name]);
  }
  for (const [name, value] of graph.initializers) names.set(name, b.initializer(`${prefix}${name}`, value));
  const own = (name: string): string => names.get(name) ?? `${prefix}${name}`;
  for (const node of graph.nodes) {
    b.node(node.opType, node.inputs.map(own), node.outputs.map(own), Object.fromEntries(node.attributes), node.domain);
  }
  return graph.outputs.map(({ name }) => own(name));
}
