import type { Node } from '../onnx/graph.ts';
import type { Rule } from './rule.ts';
import { activations } from './rules/activation.ts';
import { arithmetic } from './rules/arithmetic.ts';
import { averagePooling } from './rules/average-pool.ts';
import { batchNormalization } from './rules/batch-normalization.ts';
import { constants } from './rules/constants.ts';
import { transposedConvolution } from './rules/conv-transpose.ts';
import { convolution } from './rules/convolution.ts';
import { einsum } from './rules/einsum.ts';
import { indexing } from './rules/indexing.ts';
import { localResponseNormalization } from './rules/local-response.ts';
import { matrix } from './rules/matrix.ts';
import { normalization } from './rules/normalization.ts';
import { pooling } from './rules/pooling.ts';
import { reductions } from './rules/reduction.ts';
import { reshaping } from './rules/reshaping.ts';
import { resizing } from './rules/resize.ts';
import { quantization } from './rules/quantization.ts';
import { scattering } from './rules/scattering.ts';
import { softmax } from './rules/softmax.ts';
import { trigonometry } from './rules/trigonometry.ts';

/** The families of operators with a derivative, in the order of the table in the docs. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  Convolution: [...convolution, ...transposedConvolution],
  Matrices: [...matrix, einsum],
  Activation: activations,
  Softmax: softmax,
  Normalization: [...batchNormalization, ...normalization, ...localResponseNormalization],
  Pooling: [...pooling, ...averagePooling],
  Arithmetic: [...arithmetic, ...trigonometry],
  Reduction: reductions,
  Shape: reshaping,
  Indexing: [...indexing, ...scattering],
  Resizing: resizing,
  Quantization: quantization,
  'Passed through': constants,
};

const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.values(FAMILIES)
    .flat()
    .map((rule) => [rule.opType, rule]),
);

/** Operators that ONNX Runtime's own domain has for more element types, else with the same meaning. */
const SAME_IN_MICROSOFT = new Set(['QuantizeLinear', 'DequantizeLinear']);

/** The derivative of a node's operator. */
export function ruleOf({ domain, opType }: Node): Rule | undefined {
  return domain === '' || (domain === 'com.microsoft' && SAME_IN_MICROSOFT.has(opType)) ? RULES.get(opType) : undefined;
}

/**
 * Operators that may work on the codes of quantised numbers: layouts, whose derivative does not look at the elements.
 */
const ON_CODES = new Set(
  'QuantizeLinear DequantizeLinear Reshape Flatten Squeeze Unsqueeze Transpose Identity Concat'.split(' '),
);

/** Whether the derivative of a node holds for codes of quantised numbers, too. */
export function passesCodes(node: Node): boolean {
  return ON_CODES.has(node.opType);
}
