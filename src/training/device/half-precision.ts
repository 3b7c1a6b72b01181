import { toFloat16 } from '../../model/float16.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph, TensorValue } from '../../onnx/graph.ts';
import { inline } from '../../onnx/inline.ts';

/** float32 and float16 among ONNX's element types. */
const FLOAT = 1;
const HALF = 10;

/**
 * Writes a graph of floating-point numbers into another one, as `inline` does, to compute in float16: inputs and
 * constants are narrowed, outputs widened again.
 * @returns the values of the graph's outputs, float32
 */
export function inlineHalf(
  b: GraphBuilder,
  graph: Graph,
  prefix: string,
  inputs: Readonly<Record<string, string>>,
): string[] {
  const initializers = new Map([...graph.initializers].map(([name, value]) => [name, narrowed(value)]));
  const own = Object.fromEntries(graph.inputs.map(({ name }) => [name, b.op('Cast', [inputs[name]], { to: HALF })]));
  return inline(b, { ...graph, initializers }, prefix, own).map((value) => b.op('Cast', [value], { to: FLOAT }));
}

function narrowed(value: TensorValue): TensorValue {
  return value.type === 'float32'
    ? { type: 'float16', dims: value.dims, data: Uint16Array.from(value.data as Float32Array, toFloat16) }
    : value;
}
