import type { Graph, TensorValue } from '../../onnx/graph.ts';
import { makersOf } from '../../onnx/links.ts';

/** Operators with weights: at which inputs they stand. */
const WEIGHTED: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries({
    Conv: [1, 2],
    ConvTranspose: [1, 2],
    Gemm: [0, 1, 2],
    MatMul: [0, 1],
    BatchNormalization: [1, 2],
    InstanceNormalization: [1, 2],
    LayerNormalization: [1, 2],
    GroupNormalization: [1, 2],
    PRelu: [1],
  }),
);

/** Operators that hand a weight on in another form. */
const FORMS = new Set(['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Cast', 'Identity']);

/**
 * The constants of a graph that are weights, that is, what training may move. A floating-point constant is one
 * - where a convolution, product or normalisation takes it as weight, bias, scale or shift, also through operators that
 *   only give it another form (Transpose, Reshape, Cast …);
 * - where it is added to or multiplied with something that depends on such a weight, and has more than one value but no
 *   more than one dimension longer than 1: the bias or scale of channels, written out.
 *
 * Everything else is left alone: normalisation of the input (nothing weighted lies before it), numbers, positions,
 * anchors, masks, shapes, and the running statistics of normalisations.
 */
export function findWeights(graph: Graph): Set<string> {
  const makers = makersOf(graph);
  const weights = new Set<string>();
  /** Values that a weight had a part in. */
  const weighted = new Set<string>();
  const constantBehind = (value: string): string | undefined => {
    let name = value;
    for (;;) {
      const constant = graph.initializers.get(name);
      if (constant !== undefined) return isTrainable(constant) ? name : undefined;
      const maker = makers.get(name);
      if (maker === undefined || !FORMS.has(maker.opType)) return undefined;
      name = maker.inputs[0];
    }
  };
  for (const node of graph.nodes) {
    const found = (WEIGHTED.get(node.domain === '' ? node.opType : '') ?? []).flatMap((position) => {
      const name = node.inputs[position] ? constantBehind(node.inputs[position]) : undefined;
      return name === undefined ? [] : [name];
    });
    const dependsOnWeights = node.inputs.some((input) => weighted.has(input));
    if (dependsOnWeights && (node.opType === 'Add' || node.opType === 'Mul')) {
      for (const input of node.inputs) {
        const name = constantBehind(input);
        if (name !== undefined && isVector(graph.initializers.get(name)!)) found.push(name);
      }
    }
    found.forEach((name) => weights.add(name));
    if (found.length > 0 || dependsOnWeights) for (const output of node.outputs) weighted.add(output);
  }
  return weights;
}

function isTrainable({ type, dims }: TensorValue): boolean {
  return type === 'float32' && dims.every((length) => length > 0);
}

/** Several values along one dimension. */
function isVector({ dims }: TensorValue): boolean {
  return dims.filter((length) => length > 1).length === 1;
}
