import { codeOf } from '../../onnx/element-type.ts';
import type { Graph, Node, TensorValue } from '../../onnx/graph.ts';
import { narrowed } from '../../onnx/tensor.ts';

/**
 * The graph with its weights (constants of two dimensions and more) kept in float16, half the bytes, and widened to
 * float32 before use: what it computes differs by the rounding of the weights alone.
 */
export function inHalfPrecision(graph: Graph): Graph {
  const initializers = new Map<string, TensorValue>();
  const casts: Node[] = [];
  for (const [name, value] of graph.initializers) {
    if (value.type !== 'float32' || value.dims.length < 2) {
      initializers.set(name, value);
      continue;
    }
    const half = `${name}:half`;
    initializers.set(half, narrowed(value));
    casts.push({
      name: `${name}:widened`,
      opType: 'Cast',
      domain: '',
      inputs: [half],
      outputs: [name],
      attributes: new Map([['to', { kind: 'int', value: codeOf('float32') }]]),
    });
  }
  return { ...graph, initializers, nodes: [...casts, ...graph.nodes] };
}
