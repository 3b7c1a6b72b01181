import { toFloat16 } from '../../model/float16.ts';
import type { Graph, Node, TensorValue } from '../../onnx/graph.ts';

/** float32 among ONNX's element types. */
const FLOAT = 1;

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
    initializers.set(half, {
      type: 'float16',
      dims: value.dims,
      data: Uint16Array.from(value.data as Float32Array, toFloat16),
    });
    casts.push({
      name: `${name}:widened`,
      opType: 'Cast',
      domain: '',
      inputs: [half],
      outputs: [name],
      attributes: new Map([['to', { kind: 'int', value: FLOAT }]]),
    });
  }
  return { ...graph, initializers, nodes: [...casts, ...graph.nodes] };
}
