import { float } from '../builder.ts';
import type { Attribute } from '../graph.ts';
import {
  fusedAttention,
  fusedRotaryEmbedding,
  layerNormalized,
  multiHeadAttention,
  rootMeanSquare,
} from './attention.ts';
import { NotExpandable, type Expanding, type Expansion } from './expansion.ts';

const gelu = (at: Expanding, x: string, approximate: 'none' | 'tanh'): string => at.b.op('Gelu', [x], { approximate });

/** Gelu(x + bias). */
const biasGelu: Expansion = (at) => [gelu(at, at.add(at.input(0), at.optional(1)), 'none')];
const fastGelu: Expansion = (at) => [gelu(at, at.add(at.input(0), at.optional(1)), 'tanh')];
const gemmFastGelu: Expansion = (at) => {
  const product = at.b.op('MatMul', [at.input(0), at.input(1)]);
  return [gelu(at, at.add(product, at.optional(2)), 'tanh')];
};

const quickGelu: Expansion = (at) => [at.swish(at.input(0), at.float('alpha', 1.702))];

/** The last axis halved: left · Gelu(right), of x + bias. */
const biasSplitGelu: Expansion = (at) => {
  const sum = at.add(at.input(0), at.optional(1));
  const [left, right] = at.b.ops('Split', [sum], 2, { axis: -1, num_outputs: 2 });
  return [at.mul(left, gelu(at, right, 'none'))];
};

const biasAdd: Expansion = (at) => [at.add(at.add(at.input(0), at.input(1)), at.input(2))];

/** LayerNormalization of input + skip + bias, and that sum. */
const skipLayerNormalization: Expansion = (at) => {
  const sum = at.add(at.add(at.input(0), at.input(1)), at.optional(4));
  return [layerNormalized(at, sum, at.input(2), at.optional(3), 1e-12), undefined, undefined, sum];
};

const skipRootMeanSquare: Expansion = (at) => {
  const { b } = at;
  const sum = at.add(at.add(at.input(0), at.input(1)), at.optional(3));
  const square = b.op('ReduceMean', [at.mul(sum, sum), b.ints([-1])], { keepdims: 1 });
  const inverse = b.op('Reciprocal', [b.op('Sqrt', [b.op('Add', [square, at.number(at.float('epsilon', 1e-12))])])]);
  return [at.mul(at.mul(sum, inverse), at.input(2)), undefined, undefined, sum];
};

/** The same operator in ONNX's own domain. */
const sameAsStandard: Expansion = (at) => {
  const { node, b } = at;
  return b.ops(node.opType, node.inputs, node.outputs.length, Object.fromEntries(node.attributes));
};

function activated(at: Expanding, x: string, name: string, params: readonly number[]): string {
  const { b } = at;
  const [alpha, beta] = params;
  const given = (values: Record<string, number | undefined>): Record<string, Attribute> =>
    Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, float(value)]])),
    );
  switch (name) {
    case '':
      return x;
    case 'Relu':
    case 'Tanh':
    case 'Sigmoid':
    case 'Softplus':
    case 'HardSwish':
    case 'Softsign':
      return b.op(name, [x]);
    case 'LeakyRelu':
    case 'Elu':
      return b.op(name, [x], given({ alpha }));
    case 'HardSigmoid':
      return b.op(name, [x], given({ alpha, beta }));
    case 'Clip':
      return b.op(name, [x, at.number(alpha), at.number(beta)]);
    default:
      throw new NotExpandable(`its activation ${name} is not covered`);
  }
}

function without(at: Expanding, ...names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries([...at.node.attributes].filter(([name]) => !names.includes(name)));
}

/** Conv, plus a sum, then an activation. */
const fusedConv: Expansion = (at) => {
  const params = at.node.attributes.get('activation_params')?.value;
  const inputs = [at.input(0), at.input(1), ...(at.optional(2) === undefined ? [] : [at.input(2)])];
  const conv = at.b.op('Conv', inputs, without(at, 'activation', 'activation_params'));
  const sum = at.add(conv, at.optional(3));
  return [activated(at, sum, at.string('activation', ''), Array.isArray(params) ? (params as number[]) : [])];
};

const GEMM_ACTIVATION = ['activation', 'activation_alpha', 'activation_beta', 'activation_gamma'];

const fusedGemm: Expansion = (at) => {
  const inputs = [at.input(0), at.input(1), ...(at.optional(2) === undefined ? [] : [at.input(2)])];
  const product = at.b.op('Gemm', inputs, without(at, ...GEMM_ACTIVATION));
  const params = ['activation_alpha', 'activation_beta'].flatMap((name) =>
    at.node.attributes.has(name) ? [at.float(name, 0)] : [],
  );
  return [activated(at, product, at.string('activation', ''), params)];
};

/** α · A′ · B′, where ′ transposes the last two axes. */
const fusedMatMul: Expansion = (at) => {
  if (at.int('transBatchA', 0) === 1 || at.int('transBatchB', 0) === 1)
    throw new NotExpandable('its attributes transBatchA and transBatchB are not covered');
  const [a, c] = ['transA', 'transB'].map((name, position) => {
    const value = at.input(position);
    if (at.int(name, 0) === 0 || at.rank(position) < 2) return value;
    const perm = Array.from({ length: at.rank(position) }, (_, i) => i);
    return at.b.op('Transpose', [value], { perm: [...perm.slice(0, -2), ...perm.slice(-2).reverse()] });
  });
  return [at.scale(at.b.op('MatMul', [a, c]), at.float('alpha', 1))];
};

/** A · B with B in blocks of a few bits: the same operator on the identity yields B in floating-point. */
const matMulNBits: Expansion = (at) => {
  const { b, node } = at;
  at.refuseInputs({ at: 4, name: 'g_idx' });
  const size = at.int('K', 0);
  const square = b.op('Expand', [at.number(0), b.ints([size, size])]);
  const [, weights, scales, zeros] = node.inputs;
  const inputs = [b.op('EyeLike', [square]), weights, scales, ...(zeros ? [zeros] : [])];
  const whole = b.op('MatMulNBits', inputs, Object.fromEntries(node.attributes), 'com.microsoft');
  // Nothing tells type and shape of the operator's output, so they are said.
  const typed = b.op('CastLike', [whole, at.input(0)]);
  const matrix = b.op('Reshape', [typed, b.ints([size, at.int('N', 0)])]);
  return [at.add(b.op('MatMul', [at.input(0), matrix]), at.optional(5))];
};

/** Softmax of x + bias. */
const biasSoftmax: Expansion = (at) => {
  const rank = at.rank(0);
  const axis = at.int('axis', 1);
  if ((axis < 0 ? axis + rank : axis) !== rank - 1 || at.rank(1) !== rank)
    throw new NotExpandable('its softmax goes over several axes');
  return [at.b.op('Softmax', [at.add(at.input(0), at.input(1))], { axis: -1 })];
};

/**
 * Fused operators by `domain.operator`, written with standard ones. Their meaning is that of ONNX Runtime's document
 * ContribOperators. SimplifiedLayerNormalization stands in ONNX's own domain although no opset has it.
 */
export const FUSIONS: ReadonlyMap<string, Expansion> = new Map([
  ['SimplifiedLayerNormalization', rootMeanSquare],
  ...Object.entries({
    Attention: fusedAttention,
    BiasAdd: biasAdd,
    BiasGelu: biasGelu,
    BiasSoftmax: biasSoftmax,
    BiasSplitGelu: biasSplitGelu,
    FastGelu: fastGelu,
    FusedConv: fusedConv,
    FusedGemm: fusedGemm,
    FusedMatMul: fusedMatMul,
    Gelu: biasGelu,
    GemmFastGelu: gemmFastGelu,
    LayerNormalization: sameAsStandard,
    MatMulNBits: matMulNBits,
    MultiHeadAttention: multiHeadAttention,
    QuickGelu: quickGelu,
    RotaryEmbedding: fusedRotaryEmbedding,
    SimplifiedLayerNormalization: rootMeanSquare,
    SkipLayerNormalization: skipLayerNormalization,
    SkipSimplifiedLayerNormalization: skipRootMeanSquare,
    TransposeMatMul: fusedMatMul,
  }).map(([name, expansion]) => [`com.microsoft.${name}`, expansion] as const),
]);
