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
import { softmax } from './rules/softmax.ts';

/** The families of operators with a derivative, in the order of the table in the docs. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  Convolution: [...convolution, ...transposedConvolution],
  Matrices: [...matrix, einsum],
  Activation: activations,
  Softmax: softmax,
  Normalization: [...batchNormalization, ...normalization, ...localResponseNormalization],
  Pooling: [...pooling, ...averagePooling],
  Arithmetic: arithmetic,
  Reduction: reductions,
  Shape: reshaping,
  Indexing: indexing,
  Resizing: resizing,
  'Passed through': constants,
};

/** Rules by operator of the standard domain. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.values(FAMILIES)
    .flat()
    .map((rule) => [rule.opType, rule]),
);
