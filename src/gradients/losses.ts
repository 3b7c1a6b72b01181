import type { GraphBuilder } from '../onnx/builder.ts';

/** What a classifier's output holds: raw scores, their log-softmax, or their softmax. */
export type ScoreKind = 'logits' | 'log-probabilities' | 'probabilities';

export interface CrossEntropyOptions {
  /** float32 [N, classes]. */
  readonly scores: string;
  /** int64 [N], in 0 … classes − 1. */
  readonly labels: string;
  readonly classes: number;
  readonly kind?: ScoreKind;
  /** Share of the target spread evenly over all classes, in [0, 1). */
  readonly smoothing?: number;
}

/** Logarithms of probabilities stop here, near the smallest normal float32: log 0 would end in NaN. */
const SMALLEST_PROBABILITY = 1e-37;

/** Log-probabilities [N, classes] from whatever the classifier puts out. */
function logProbabilities(b: GraphBuilder, scores: string, kind: ScoreKind): string {
  if (kind === 'log-probabilities') return scores;
  if (kind === 'logits') return b.op('LogSoftmax', [scores], { axis: -1 });
  return b.op('Log', [b.op('Max', [scores, b.constant(SMALLEST_PROBABILITY)])]);
}

/** t[…, c] · log p[…, c], of which every cross-entropy is a negative sum. */
function agreement(b: GraphBuilder, scores: string, targets: string, kind: ScoreKind = 'logits'): string {
  return b.op('Mul', [targets, logProbabilities(b, scores, kind)]);
}

/** −Σ_c t[…, c] · log p[…, c] of each row of logits, against targets that broadcast over them. */
export function crossEntropyOfRows(b: GraphBuilder, logits: string, targets: string): string {
  return b.op('Neg', [b.op('ReduceSum', [agreement(b, logits, targets), b.ints([-1])], { keepdims: 0 })]);
}

/**
 * −Σ targets · log softmax(logits), a scalar. Rows of `targets` hold a distribution over classes times the row's
 * weight, so that label smoothing, a mean and leaving rows out are matters of the targets alone.
 * @param logits [batch, classes] @param targets [batch, classes]
 */
export function totalCrossEntropy(b: GraphBuilder, logits: string, targets: string): string {
  return b.op('Neg', [b.op('ReduceSum', [agreement(b, logits, targets)], { keepdims: 0 })]);
}

/**
 * −Σ_c t[n, c] · log p[n, c] of each example, float32 [N], with t = (1 − smoothing) · [c = label] + smoothing /
 * classes.
 */
export function crossEntropy(
  b: GraphBuilder,
  { scores, labels, classes, kind = 'logits', smoothing = 0 }: CrossEntropyOptions,
): string {
  const indices = b.ints(Array.from({ length: classes }, (_, i) => i));
  const isLabel = b.op('Equal', [b.op('Unsqueeze', [labels, b.ints([1])]), indices]);
  const target = b.op('Where', [
    isLabel,
    b.constant(1 - smoothing + smoothing / classes),
    b.constant(smoothing / classes),
  ]);
  return b.op('Neg', [b.op('ReduceSum', [agreement(b, scores, target, kind), b.ints([1])], { keepdims: 0 })]);
}

/**
 * Σ_c p[n, c] · (log p[n, c] − log q[n, c]) of each example, float32 [N]: KL(p ‖ q) of the distributions of two logits.
 */
export function kullbackLeibler(b: GraphBuilder, p: string, q: string): string {
  const [logP, logQ] = [p, q].map((logits) => b.op('LogSoftmax', [logits], { axis: -1 }));
  const terms = b.op('Mul', [b.op('Exp', [logP]), b.op('Sub', [logP, logQ])]);
  return b.op('ReduceSum', [terms, b.ints([1])], { keepdims: 0 });
}

/** Σ_c (a[n, c] − b[n, c])² of each example, float32 [N]. */
export function squaredDistance(b: GraphBuilder, left: string, right: string): string {
  const difference = b.op('Sub', [left, right]);
  return b.op('ReduceSum', [b.op('Mul', [difference, difference]), b.ints([1])], { keepdims: 0 });
}

/** Sum over the batch: each example's gradient is then its own, as attacks need. A scalar. */
export function sumOverBatch(b: GraphBuilder, losses: string): string {
  return b.op('ReduceSum', [losses, b.ints([0])], { keepdims: 0 });
}

/** Mean over the batch, as training needs. A scalar. */
export function meanOverBatch(b: GraphBuilder, losses: string): string {
  return b.op('ReduceMean', [losses, b.ints([0])], { keepdims: 0 });
}
