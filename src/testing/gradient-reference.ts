import { readFileSync } from 'node:fs';
import { GraphBuilder } from '../onnx/builder.ts';
import { WORKING_OPSET } from '../onnx/graph.ts';
import type { Attribute, Dimension, ElementType, Graph, TensorValue } from '../onnx/graph.ts';

export interface StoredTensor {
  readonly type: 'float32' | 'int64' | 'int32' | 'bool';
  readonly dims: readonly number[];
  readonly data: string;
}

interface StoredCase {
  readonly name: string;
  readonly opType: string;
  readonly domain?: string;
  readonly opset?: number;
  readonly loss?: number;
  readonly inputs: readonly (StoredTensor | null)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly weights: readonly StoredTensor[];
  readonly gradients: Readonly<Record<string, StoredTensor>>;
}

/** One operator with inputs, and the gradients of Σ weights · outputs by its float inputs as PyTorch has them. */
export interface ReferenceCase {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** That the operator is written in. */
  readonly opset: number;
  /** Where ONNX Runtime runs the operator as it is: Σ weights · outputs. */
  readonly loss: number | undefined;
  readonly inputs: readonly (TensorValue | undefined)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly weights: readonly TensorValue[];
  /** By position of the input. */
  readonly gradients: ReadonlyMap<number, TensorValue>;
}

/** How much of the shapes the graph tells: all, all but the first dimension, or only ranks. */
export type Knowing = 'shapes' | 'all but the batch' | 'ranks';

export function decodeTensor({ type, dims, data }: StoredTensor): TensorValue {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  if (type === 'float32') return { type, dims, data: new Float32Array(bytes.buffer) };
  if (type === 'int64') return { type, dims, data: new BigInt64Array(bytes.buffer) };
  if (type === 'int32') return { type, dims, data: new Int32Array(bytes.buffer) };
  return { type, dims, data: bytes };
}

/** The cases of tools/gradient-reference.py. */
export function referenceCases(): ReferenceCase[] {
  const file = new URL('../../src/gradients/reference/operators.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: StoredCase[] };
  return cases.map((stored) => ({
    name: stored.name,
    opType: stored.opType,
    domain: stored.domain ?? '',
    opset: stored.opset ?? WORKING_OPSET,
    loss: stored.loss,
    inputs: stored.inputs.map((tensor) => (tensor === null ? undefined : decodeTensor(tensor))),
    attributes: stored.attributes,
    weights: stored.weights.map(decodeTensor),
    gradients: new Map(
      Object.entries(stored.gradients).map(([position, tensor]) => [Number(position), decodeTensor(tensor)]),
    ),
  }));
}

/** The case as a graph with the scalar output `loss`; its differentiated inputs are `x0`, `x1`, … by position. */
export function graphOf(
  { name, opType, domain, inputs, attributes, weights, gradients }: ReferenceCase,
  knowing: Knowing,
): Graph {
  const b = new GraphBuilder(`${opType}: ${name}`);
  const names = inputs.map((tensor, i) => {
    if (tensor === undefined) return '';
    if (!gradients.has(i)) return b.initializer('fixed', tensor);
    return b.input(
      `x${i}`,
      tensor.type as ElementType,
      tensor.dims.map((d, axis) => blur(d, axis, i, knowing, opType)),
    );
  });
  // No loss depends on running mean and variance, nor on the indices of TopK.
  const further = attributes.training_mode !== undefined ? 2 : opType === 'TopK' ? 1 : 0;
  const outputs = b.ops(opType, names, weights.length + further, attributes, domain);
  const terms = weights.map((weight, i) => {
    const product = b.op('Mul', [outputs[i], b.initializer('weight', weight)]);
    return b.op('ReduceSum', [product], { keepdims: 0 });
  });
  b.node('Sum', terms, ['loss']);
  b.output('loss', 'float32', []);
  return b.build();
}

function blur(d: number, axis: number, input: number, knowing: Knowing, opType: string): Dimension {
  if (knowing === 'shapes') return d;
  if (knowing === 'all but the batch') return axis === 0 && input === 0 ? 'batch' : d;
  return opType.includes('Conv') && (input > 0 || axis === 1) ? d : `x${input}_${axis}`;
}
