import { intOf, stringOf } from '../attributes.ts';
import { sameAsFirst } from './elementwise.ts';
import { fromFront } from './dimension.ts';
import type { ShapeRule } from './rule.ts';

/**
 * BatchNormalization: like x; in training mode the running (or, before opset 14, also the saved) statistics [C] too.
 */
const batchNormalization: ShapeRule = (at) => {
  const channels = at.shape(1) ?? [at.shape(0)?.[1] ?? null];
  return at.node.outputs.map((_, i) => at.like(i === 0 ? 0 : 1, i === 0 ? at.shape(0) : channels));
};

/** LayerNormalization: like x; mean and inverse standard deviation with ones from `axis` on. */
const layerNormalization: ShapeRule = (at) => {
  const x = at.shape(0);
  const axis = fromFront(intOf(at.node, 'axis', -1), x?.length ?? 0);
  const statistics = at.like(
    0,
    x?.map((dim, i) => (i < axis ? dim : 1)),
  );
  return [at.like(0, x), statistics, statistics];
};

/**
 * SoftmaxCrossEntropyLoss, NegativeLogLikelihoodLoss: scores [N, C, …], labels [N, …] → a scalar, or one loss a label.
 */
const loss: ShapeRule = (at) => [
  at.like(0, stringOf(at.node, 'reduction', 'mean') === 'none' ? at.shape(1) : []),
  at.like(0, at.shape(0)),
];

export const NORMALIZATION_RULES: Readonly<Record<string, ShapeRule>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: sameAsFirst,
  GroupNormalization: sameAsFirst,
  RMSNormalization: sameAsFirst,
  SimplifiedLayerNormalization: sameAsFirst,
  LpNormalization: sameAsFirst,
  MeanVarianceNormalization: sameAsFirst,
  LRN: sameAsFirst,
  SoftmaxCrossEntropyLoss: loss,
  NegativeLogLikelihoodLoss: loss,
};
