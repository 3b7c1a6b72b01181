import { intOf } from './attributes.ts';
import { product } from './inference/dimension.ts';
import type { Dimension, Graph, Node, ValueInfo } from './graph.ts';
import { inferShapes } from './infer.ts';

type ShapeOf = (value: string) => readonly Dimension[] | undefined;

/**
 * Multiplications with additions of one node:
 * - convolutions: elements of the output × input channels of a group × elements of the kernel;
 * - ConvTranspose: elements of the input × output channels of a group × elements of the kernel;
 * - matrix products: elements of the output × length of the axis that is summed over.
 *
 * 0 for any other operator, null where a shape is unknown.
 */
function ofNode(node: Node, shapeOf: ShapeOf): Dimension {
  const size = (value: string) => product(shapeOf(value) ?? [null]);
  const each = (weights: string) => product(shapeOf(weights)?.slice(1) ?? [null]);
  const times = (...factors: Dimension[]) => product(factors);
  const [output] = node.outputs;
  const [first, second] = node.inputs;
  switch (node.opType) {
    case 'Conv':
    case 'ConvInteger':
    case 'FusedConv':
      return times(size(output), each(second));
    case 'QLinearConv':
      return times(size(output), each(node.inputs[3]));
    case 'ConvTranspose':
      return times(size(first), each(second));
    case 'Gemm':
      return times(size(output), shapeOf(first)?.[intOf(node, 'transA', 0) === 0 ? 1 : 0] ?? null);
    case 'MatMul':
    case 'MatMulInteger':
    case 'QLinearMatMul':
      return times(size(output), shapeOf(first)?.at(-1) ?? null);
    default:
      return 0;
  }
}

/**
 * Multiply-adds of convolutions and matrix products for one image; what inner graphs (`If`, `Loop`) do is left out.
 * @param shape of the first input, without its batch dimension; by default what the graph says
 * @returns undefined where that depends on sizes that are unknown
 */
export function multiplyAddsOf(graph: Graph, shape?: readonly number[]): number | undefined {
  const fixed = graph.inputs[0]?.shape?.[0];
  const batch = typeof fixed === 'number' && fixed > 0 ? fixed : 1;
  const inputs = graph.inputs.map((info, i): ValueInfo => ({
    ...info,
    shape: withSizes(info.shape, batch, i === 0 ? shape : undefined),
  }));
  const infos = inferShapes({ ...graph, inputs, valueInfo: new Map(), outputs: [] });
  let total = 0;
  for (const node of graph.nodes) {
    const count = ofNode(node, (value) => infos.get(value)?.shape);
    if (typeof count !== 'number') return undefined;
    total += count;
  }
  return total / batch;
}

function withSizes(
  declared: ValueInfo['shape'],
  batch: number,
  image: readonly number[] | undefined,
): ValueInfo['shape'] {
  if (image !== undefined) return [batch, ...image];
  return declared?.map((dim, axis) => (axis === 0 && typeof dim !== 'number' ? batch : dim));
}
