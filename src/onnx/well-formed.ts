import type { Graph } from './graph.ts';

/**
 * What keeps a graph from being one that can be walked front to back: a value made twice, used before it is made or
 * never made, or without a name. Undefined where nothing does.
 */
export function checkGraph(graph: Graph): string | undefined {
  return check(graph, new Set());
}

/** @param known the values that an inner graph sees from around it; as it was when the graph has been walked */
function check(graph: Graph, known: Set<string>): string | undefined {
  const given = [...graph.inputs.map((info) => info.name), ...graph.initializers.keys()];
  if (new Set(given).size < given.length)
    return `two inputs or initializers of the graph '${graph.name}' bear one name`;
  if (given.includes('') || graph.outputs.some((info) => info.name === ''))
    return `an input, output or initializer of the graph '${graph.name}' has no name`;
  const own = given.filter((name) => !known.has(name));
  for (const name of own) known.add(name);
  for (const node of graph.nodes) {
    const bearer = `the node '${node.name || node.outputs[0]}' (${node.opType})`;
    const missing = node.inputs.find((name) => name !== '' && !known.has(name));
    if (missing !== undefined) return `${bearer} uses the value '${missing}' that nothing makes`;
    for (const attribute of node.attributes.values()) {
      if (attribute.kind !== 'graph') continue;
      const fault = check(attribute.value, known);
      if (fault !== undefined) return fault;
    }
    for (const name of node.outputs) {
      if (name === '') continue;
      if (known.has(name)) return `${bearer} makes the value '${name}' that exists already`;
      known.add(name);
      own.push(name);
    }
  }
  const missing = graph.outputs.find((info) => !known.has(info.name));
  if (missing !== undefined) return `nothing makes the output '${missing.name}'`;
  for (const name of own) known.delete(name);
  return undefined;
}
