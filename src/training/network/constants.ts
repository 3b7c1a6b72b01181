import { tensorOf } from '../../onnx/attributes.ts';
import type { Graph, TensorValue } from '../../onnx/graph.ts';

/** A constant of a file: an initializer, or what a `Constant` node holds. */
export interface FileConstant {
  /** The name under which the file keeps it. */
  readonly name: string;
  readonly value: TensorValue;
}

/** The constants of a graph by every name that they go by: `Identity` gives a shared one further names. */
export function constantsOf(graph: Graph): Map<string, FileConstant> {
  const constants = new Map<string, FileConstant>();
  for (const [name, value] of graph.initializers) constants.set(name, { name, value });
  for (const node of graph.nodes) {
    const [name] = node.outputs;
    if (node.domain !== '') continue;
    if (node.opType === 'Constant') {
      const value = tensorOf(node, 'value');
      if (value !== undefined) constants.set(name, { name, value });
    }
    const same = node.opType === 'Identity' ? constants.get(node.inputs[0]) : undefined;
    if (same !== undefined) constants.set(name, same);
  }
  return constants;
}
