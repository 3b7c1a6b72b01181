import { intOf, tensorOf } from '../attributes.ts';
import { elementTypeOf } from '../element-type.ts';
import type { ElementType } from '../graph.ts';
import { broadcast } from './dimension.ts';
import type { Inferred, ShapeRule } from './rule.ts';

/** Type and shape of the first input. */
export const sameAsFirst: ShapeRule = (at) => [at.like(0, at.shape(0))];

const broadcastAll: ShapeRule = (at) => [at.like(0, broadcast(...at.node.inputs.map((_, i) => at.shape(i))))];

const comparison: ShapeRule = (at) => [{ type: 'bool', shape: broadcast(at.shape(0), at.shape(1)) }];

function sameShapeOf(type: ElementType): ShapeRule {
  return (at) => [{ type, shape: at.shape(0) }];
}

const where: ShapeRule = (at) => [at.like(1, broadcast(at.shape(0), at.shape(1), at.shape(2)))];

/** The mask's type differs from the data's since opset 7; its shape is the data's. */
const dropout: ShapeRule = (at) => [at.like(0, at.shape(0)), { type: 'bool', shape: at.shape(0) }];

const cast: ShapeRule = (at) => {
  const type = elementTypeOf(intOf(at.node, 'to', 0));
  return [type && { type, shape: at.shape(0) }];
};

const castLike: ShapeRule = (at) => [at.like(1, at.shape(0))];

/** RandomNormalLike, EyeLike, …: `dtype` overrules the type of the first input. */
const typedLike: ShapeRule = (at): Inferred[] => {
  const type = elementTypeOf(intOf(at.node, 'dtype', 0)) ?? at.type(0);
  return [type && { type, shape: at.shape(0) }];
};

const constant: ShapeRule = (at) => {
  const { node } = at;
  const value = tensorOf(node, 'value');
  if (value !== undefined) return [{ type: value.type, shape: value.dims }];
  for (const [name, type] of [
    ['value_float', 'float32'],
    ['value_int', 'int64'],
    ['value_string', 'string'],
  ] as const) {
    const single = node.attributes.get(name);
    if (single !== undefined) return [{ type, shape: [] }];
    const list = node.attributes.get(`${name}s`)?.value;
    if (Array.isArray(list)) return [{ type, shape: [list.length] }];
  }
  return [undefined];
};

const quantize: ShapeRule = (at) => [
  { type: elementTypeOf(intOf(at.node, 'output_dtype', 0)) ?? at.type(2) ?? 'uint8', shape: at.shape(0) },
];
const dequantize: ShapeRule = (at) => [at.like(1, at.shape(0))];
const dynamicQuantize: ShapeRule = (at) => [
  { type: 'uint8', shape: at.shape(0) },
  { type: 'float32', shape: [] },
  { type: 'uint8', shape: [] },
];

const UNARY = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'BitwiseNot',
  'Ceil',
  'Celu',
  'Clip',
  'Cos',
  'Cosh',
  'CumSum',
  'Elu',
  'Erf',
  'Exp',
  'FastGelu',
  'Floor',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Hardmax',
  'Identity',
  'LeakyRelu',
  'Log',
  'LogSoftmax',
  'Mish',
  'Neg',
  'Not',
  'PRelu',
  'QuickGelu',
  'Reciprocal',
  'Relu',
  'Round',
  'Selu',
  'Shrink',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softmax',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Swish',
  'Tan',
  'Tanh',
  'ThresholdedRelu',
  'Trilu',
  'ScatterElements',
  'ScatterND',
  'ReverseSequence',
];
const VARIADIC = [
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Mod',
  'Pow',
  'Max',
  'Min',
  'Mean',
  'Sum',
  'And',
  'Or',
  'Xor',
  'BitShift',
  'BitwiseAnd',
  'BitwiseOr',
  'BitwiseXor',
];
const COMPARISONS = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'];

export const ELEMENTWISE_RULES: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(UNARY.map((operator) => [operator, sameAsFirst])),
  ...Object.fromEntries(VARIADIC.map((operator) => [operator, broadcastAll])),
  ...Object.fromEntries(COMPARISONS.map((operator) => [operator, comparison])),
  IsInf: sameShapeOf('bool'),
  IsNaN: sameShapeOf('bool'),
  Where: where,
  Dropout: dropout,
  Cast: cast,
  CastLike: castLike,
  Bernoulli: typedLike,
  EyeLike: typedLike,
  RandomNormalLike: typedLike,
  RandomUniformLike: typedLike,
  Constant: constant,
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
};
