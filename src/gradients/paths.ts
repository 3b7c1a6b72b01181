import type { ElementType, Graph, Node } from '../onnx/graph.ts';
import { valuesReadBy } from '../onnx/prune.ts';
import type { Knowledge } from './knowledge.ts';
import { passesCodes, ruleOf } from './registry.ts';
import { flowsTo } from './rule.ts';

/** Where gradients flow: the values that depend on `by` and lead to `output`, and the nodes between. */
export interface Paths {
  /** In topological order. */
  readonly nodes: readonly Node[];
  /** Values whose gradient is needed. */
  readonly values: ReadonlySet<string>;
  /** Where no way is open at all: the nodes that end it, whose derivative is zero. */
  readonly ends: readonly Node[];
}

/** Integers that may be the codes of quantised numbers or sums of such. */
const CODES: ReadonlySet<ElementType | undefined> = new Set(['int8', 'uint8', 'int16', 'uint16', 'int32']);

/**
 * The values that a node passes gradients back to. Operators without a rule count as passing them to every input, and
 * to what their inner graphs take from around them, so that they are noticed.
 */
function receivers(node: Node): string[] {
  const rule = ruleOf(node);
  if (rule === undefined) return valuesReadBy(node);
  return node.inputs.filter((input, position) => input !== '' && flowsTo(rule, position));
}

export function findPaths(graph: Graph, output: string, by: readonly string[], knowledge: Knowledge): Paths {
  const depending = new Set(by);
  const isCode = (name: string): boolean => CODES.has(knowledge.info(name)?.type);
  for (const node of graph.nodes) {
    const from = receivers(node).filter((name) => depending.has(name));
    if (from.length === 0) continue;
    // Gradients end at integers and booleans; only codes of quantised numbers stand for real ones.
    const codes = ruleOf(node) === undefined || passesCodes(node) || from.some(isCode);
    for (const name of node.outputs)
      if (name !== '' && (knowledge.isFloat(name) || (codes && isCode(name)))) depending.add(name);
  }
  const leading = new Set([output]);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => leading.has(name) && depending.has(name))) continue;
    const open = receivers(node).filter((name) => depending.has(name));
    for (const name of open) leading.add(name);
    if (open.length > 0) nodes.push(node);
  }
  const values = new Set([...leading].filter((name) => depending.has(name)));
  const closed = !by.some((name) => values.has(name));
  return { nodes: nodes.reverse(), values, ends: closed ? findEnds(graph, output, depending) : [] };
}

/** Sizes are no way that anybody would take for one. */
const SIZES = new Set(['Shape', 'Size']);

/** The nodes that read what depends on the sources, lead to the output, and pass nothing on. */
function findEnds(graph: Graph, output: string, depending: ReadonlySet<string>): Node[] {
  const needed = new Set([output]);
  return [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    const reads = valuesReadBy(node);
    for (const name of reads) needed.add(name);
    const reached = reads.some((name) => depending.has(name));
    return reached && !SIZES.has(node.opType) && !node.outputs.some((name) => depending.has(name));
  });
}
