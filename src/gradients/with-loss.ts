import { misuse } from '../errors/error.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph } from '../onnx/graph.ts';
import { inferShapes } from '../onnx/infer.ts';
import { crossEntropy, meanOverBatch, sumOverBatch } from './losses.ts';
import type { ScoreKind } from './losses.ts';

/** The scores, what they are, and how losses are taken together. */
export interface WithLossOptions {
  /** The graph's output of scores, float32 [N, classes]. */
  readonly scores: string;
  readonly kind?: ScoreKind;
  readonly smoothing?: number;
  /** `sum` (default): each example's gradient is its own; `mean`: for training. */
  readonly reduction?: 'sum' | 'mean';
}

/** A graph with a loss: its labels are an input, its loss an output. */
export interface WithLoss {
  /** The given graph with the input `labels`, int64 [N], and the outputs below. */
  readonly graph: Graph;
  readonly labels: string;
  /** Cross-entropy over the batch, a scalar. */
  readonly loss: string;
  /** Cross-entropy of each example, float32 [N]. */
  readonly losses: string;
}

/**
 * Appends the cross-entropy of a classifier's scores against labels.
 * @throws GimbalError where the scores are no matrix with a known number of classes
 */
export function withLoss(
  graph: Graph,
  { scores, kind = 'logits', smoothing = 0, reduction = 'sum' }: WithLossOptions,
): WithLoss {
  const shape = inferShapes(graph).get(scores)?.shape;
  const classes = shape?.[1];
  if (shape?.length !== 2 || typeof classes !== 'number') {
    throw misuse({
      code: 'scores-not-a-matrix',
      subject: `the output '${scores}'`,
      problem:
        `has the shape ${shape === undefined ? 'unknown' : `[${shape.map((d) => d ?? '?').join(', ')}]`}; ` +
        'scores must be [images, classes].',
      advice: 'Choose the output that holds one score for each class.',
    });
  }
  const b = GraphBuilder.from(graph);
  const batch = shape[0];
  const labels = b.input(b.unused('labels'), 'int64', [batch]);
  const each = crossEntropy(b, { scores, labels, classes, kind, smoothing });
  const losses = b.outputAs(b.unused('losses'), each, 'float32', [batch]);
  const total = reduction === 'sum' ? sumOverBatch(b, each) : meanOverBatch(b, each);
  const loss = b.outputAs(b.unused('loss'), total, 'float32', []);
  return { graph: b.build(), labels, loss, losses };
}
