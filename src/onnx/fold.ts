import type { Graph, Node, TensorValue } from './graph.ts';
import { inferAll } from './infer.ts';
import type { PartialTensor } from './inference/rule.ts';
import { pruneGraph } from './prune.ts';
import { tensorFrom } from './tensor.ts';
import { tensorOf } from './attributes.ts';

/**
 * The same graph with what is constant turned into initializers: `Constant` nodes, copies of initializers by
 * `Identity`, and integer shape arithmetic whose result is known whatever is fed. What nothing uses any more goes.
 */
export function foldConstants(graph: Graph): Graph {
  const { infos, partials } = inferAll(graph);
  const outputs = new Set(graph.outputs.map((info) => info.name));
  const initializers = new Map(graph.initializers);
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const [name] = node.outputs;
    const value =
      node.outputs.length === 1 && !outputs.has(name)
        ? (constantOf(node, initializers) ?? wholeNumbers(infos.get(name)?.type, partials.get(name)))
        : undefined;
    if (value === undefined) nodes.push(node);
    else initializers.set(name, value);
  }
  return pruneGraph({ ...graph, initializers, nodes });
}

function constantOf(node: Node, initializers: ReadonlyMap<string, TensorValue>): TensorValue | undefined {
  if (node.domain !== '') return undefined;
  if (node.opType === 'Identity') return initializers.get(node.inputs[0]);
  return node.opType === 'Constant' ? constantNodeValue(node) : undefined;
}

/** The value of a `Constant` node in any of its forms; undefined for a sparse one. */
function constantNodeValue(node: Node): TensorValue | undefined {
  const tensor = tensorOf(node, 'value');
  if (tensor !== undefined) return tensor;
  for (const [form, type] of [
    ['value_float', 'float32'],
    ['value_int', 'int64'],
  ] as const) {
    const single = node.attributes.get(form)?.value;
    if (typeof single === 'number') return tensorFrom(type, [single], []);
    const list = node.attributes.get(`${form}s`)?.value;
    if (Array.isArray(list)) return tensorFrom(type, list as number[]);
  }
  const text = node.attributes.get('value_string')?.value;
  if (typeof text === 'string') return { type: 'string', dims: [], data: [text] };
  const texts = node.attributes.get('value_strings')?.value;
  return Array.isArray(texts) ? { type: 'string', dims: [texts.length], data: texts as string[] } : undefined;
}

function wholeNumbers(type: string | undefined, partial: PartialTensor | undefined): TensorValue | undefined {
  if (partial === undefined || (type !== 'int64' && type !== 'int32')) return undefined;
  const { dims, elements } = partial;
  return elements.every((element) => typeof element === 'number') ? tensorFrom(type, elements, dims) : undefined;
}
