import { isFloat } from './element-type.ts';
import { foldConstants } from './fold.ts';
import type { Graph, Model, TensorValue, ValueInfo } from './graph.ts';
import { inferShapes } from './infer.ts';
import { multiplyAddsOf } from './multiply-adds.ts';
import { elementCount } from './tensor.ts';

/** What a model file holds, in plain values that JSON can carry. */
export interface Inspection {
  /** Shapes as far as known: numbers, names of free dimensions, or null. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Operators with how often they occur, most frequent first; those of other domains as `domain.Operator`. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  /** How many numbers its weights are: floating-point and 8-bit constants; one that several nodes share counts once. */
  readonly parameters: number;
  /** Multiply-adds of convolutions and matrix products for one image; null where they depend on a size that is free. */
  readonly multiplyAdds: number | null;
  readonly irVersion: number;
  /** Version of the operators by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  /** What wrote the file. */
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Looks into a model as it was read, in whatever opset.
 * @param imageShape sizes of the first input without the batch, for the multiply-adds of a model that leaves them free
 */
export function inspectModel(model: Model, imageShape?: readonly number[]): Inspection {
  const { graph } = model;
  const infos = inferShapes(graph);
  return {
    inputs: graph.inputs,
    outputs: graph.outputs.map((info) => infos.get(info.name) ?? info),
    operators: countOperators(graph),
    parameters: countParameters(foldConstants(graph)),
    multiplyAdds: multiplyAddsOf(graph, imageShape) ?? null,
    irVersion: model.irVersion,
    opsets: Object.fromEntries(model.opsets),
    producer: [model.producer, model.producerVersion].filter(Boolean).join(' '),
    metadata: Object.fromEntries(model.metadata),
  };
}

function countOperators(graph: Graph): Inspection['operators'] {
  const counts = new Map<string, number>();
  for (const { domain, opType } of graph.nodes) {
    const operator = domain === '' ? opType : `${domain}.${opType}`;
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
  }
  return [...counts]
    .map(([operator, count]) => ({ operator, count }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
}

/** Folding has left only what is used, and copies of a constant as the same object. */
function countParameters(folded: Graph): number {
  const weights = new Set<TensorValue>();
  for (const tensor of folded.initializers.values()) {
    if (isFloat(tensor.type) || tensor.type === 'int8' || tensor.type === 'uint8') weights.add(tensor);
  }
  return [...weights].reduce((sum, tensor) => sum + elementCount(tensor.dims), 0);
}
