import type { Graph } from './graph.ts';

/**
 * What keeps a graph from being one that can be walked front to back: a value made twice, used before it is made or
 * never made. Undefined where nothing does.
 * @param outer the values that an inner graph sees from around it
 */
export function checkGraph(graph: Graph, outer: ReadonlySet<string> = new Set()): string | undefined {
  const known = new Set([...outer, ...graph.inputs.map((info) => info.name), ...graph.initializers.keys()]);
  for (const node of graph.nodes) {
    const bearer = `the node '${node.name || node.outputs[0]}' (${node.opType})`;
    const missing = node.inputs.find((name) => name !== '' && !known.has(name));
    if (missing !== undefined) return `${bearer} uses the value '${missing}' that nothing before it makes`;
    for (const attribute of node.attributes.values()) {
      if (attribute.kind !== 'graph') continue;
      const fault = checkGraph(attribute.value, known);
      if (fault !== undefined) return fault;
    }
    for (const name of node.outputs) {
      if (name === '') continue;
      if (known.has(name)) return `${bearer} makes the value '${name}' that exists already`;
      known.add(name);
    }
  }
  const missing = graph.outputs.find((info) => !known.has(info.name));
  return missing === undefined ? undefined : `nothing makes the output '${missing.name}'`;
}
