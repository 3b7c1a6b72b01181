import { stringOf } from '../attributes.ts';
import type { Node } from '../graph.ts';
import { attention, rootMeanSquare, rotaryEmbedding, swish } from '../expansions/attention.ts';
import type { Expansion } from '../expansions/expansion.ts';
import { ATTRIBUTES_TO_INPUTS } from './attributes-to-inputs.ts';
import { batchNormalization, groupNormalization } from './normalization.ts';
import { gridSample, roiAlign, scatter } from './renamed.ts';
import { quantizeLinear } from './quantization.ts';
import { resize, upsample } from './resize.ts';
import { softmax } from './softmax.ts';
import type { UpgradeRule } from './step.ts';

/** Operators that came after the working opset and can be written with its operators. */
export const LATER_OPERATORS: Readonly<Record<string, Expansion>> = {
  Attention: attention,
  RMSNormalization: rootMeanSquare,
  RotaryEmbedding: rotaryEmbedding,
  Swish: swish,
};

/** Operators whose form differs between opset 7 and the newest known. */
export const UPGRADE_RULES: ReadonlyMap<string, UpgradeRule> = new Map(
  Object.entries({
    ...ATTRIBUTES_TO_INPUTS,
    Softmax: softmax,
    LogSoftmax: softmax,
    Hardmax: softmax,
    Upsample: upsample,
    Resize: resize,
    BatchNormalization: batchNormalization,
    GroupNormalization: groupNormalization,
    Scatter: scatter,
    GridSample: gridSample,
    RoiAlign: roiAlign,
    QuantizeLinear: quantizeLinear,
    DequantizeLinear: quantizeLinear,
    ...Object.fromEntries(
      Object.entries(LATER_OPERATORS).map(([name, expansion]) => [
        name,
        ((step) => step.expand(expansion)) as UpgradeRule,
      ]),
    ),
  }),
);

/**
 * Operators of the working opset that mean the same, written the same way, in every opset from 7 on in which they
 * exist: later versions took more types or got attributes and inputs whose defaults are the old meaning. Found by
 * comparing the schemas of onnx 1.23 (`onnx.defs.get_all_schemas_with_history`).
 */
const UNCHANGED = new Set(
  `
  Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool Bernoulli BitShift BitwiseAnd
  BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Col2Im Compress Concat
  ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DeformConv DepthToSpace
  Det Div DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements
  GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual HammingWindow HannWindow
  HardSigmoid HardSwish Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization
  LeakyRelu Less LessOrEqual Log Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool
  Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
  NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pow QLinearConv
  QLinearMatMul RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal Relu Reshape
  ReverseSequence Round STFT ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase
  SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size SoftmaxCrossEntropyLoss Softplus
  Softsign SpaceToDepth SplitToSequence Sqrt Sub Sum Tan Tanh TfIdfVectorizer ThresholdedRelu Tile Transpose Trilu
  Unique Where Xor
`
    .trim()
    .split(/\s+/),
);

/** What keeps an operator that has no rule from standing in the working opset as it is; undefined: nothing. */
export function obstacle(node: Node): string | undefined {
  if (!UNCHANGED.has(node.opType)) return 'no rule is known for this operator';
  const later = node.opType === 'SpaceToDepth' && stringOf(node, 'mode', 'DCR') !== 'DCR' ? 'mode' : undefined;
  return later && `its attribute '${later}' came later`;
}

/** Attributes of later opsets that, where there is no obstacle, say nothing: they hold their defaults. */
export const LATER_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Cast: ['round_mode'],
  CastLike: ['round_mode'],
  Range: ['stash_type'],
  SpaceToDepth: ['mode'],
};
