import type { GraphBuilder } from '../../onnx/builder.ts';
import { codeOf } from '../../onnx/element-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import { inline } from '../../onnx/inline.ts';
import { narrowed } from '../../onnx/tensor.ts';

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
  const cast = (value: string, type: 'float16' | 'float32'): string => b.op('Cast', [value], { to: codeOf(type) });
  const initializers = new Map(
    [...graph.initializers].map(([name, value]) => [name, value.type === 'float32' ? narrowed(value) : value]),
  );
  const own = Object.fromEntries(graph.inputs.map(({ name }) => [name, cast(inputs[name], 'float16')]));
  return inline(b, { ...graph, initializers }, prefix, own).map((value) => cast(value, 'float32'));
}
