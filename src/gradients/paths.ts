import type { Graph, Node } from '../onnx/graph.ts';
import { RULES } from './registry.ts';
import { flowsTo } from './rule.ts';

/** Where gradients flow: the values that depend on `by` and lead to `output`, and the nodes between. */
export interface Paths {
  /** In topological order. */
  readonly nodes: readonly Node[];
  /** Values whose gradient is needed. */
  readonly values: ReadonlySet<string>;
}

/** Operators without a rule count as passing gradients from every output to every input, so that they are noticed. */
function flows(node: Node, position: number): boolean {
  const rule = node.domain === '' ? RULES.get(node.opType) : undefined;
  return node.inputs[position] !== '' && (rule === undefined || flowsTo(rule, position));
}

/** @param isFloat whether a value is of a floating-point type: gradients end at integers and booleans */
export function findPaths(
  graph: Graph,
  output: string,
  by: readonly string[],
  isFloat: (value: string) => boolean,
): Paths {
  const depending = new Set(by);
  for (const node of graph.nodes) {
    if (!node.inputs.some((input, i) => depending.has(input) && flows(node, i))) continue;
    for (const name of node.outputs) if (name !== '' && isFloat(name)) depending.add(name);
  }
  const leading = new Set([output]);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => leading.has(name) && depending.has(name))) continue;
    let open = false;
    node.inputs.forEach((input, i) => {
      if (!depending.has(input) || !flows(node, i)) return;
      leading.add(input);
      open = true;
    });
    if (open) nodes.push(node);
  }
  return { nodes: nodes.reverse(), values: new Set([...leading].filter((name) => depending.has(name))) };
}
