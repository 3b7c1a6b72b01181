import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph, TensorValue } from '../onnx/graph.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { differentiate } from './differentiate.ts';
import { kullbackLeibler, squaredDistance, sumOverBatch } from './losses.ts';
import type { ScoreKind } from './losses.ts';
import { relativeError, runGraph } from '../testing/run-graph.ts';
import { plainSoftmax } from '../testing/softmax.ts';
import { withLoss } from './with-loss.ts';
import type { WithLossOptions } from './with-loss.ts';

const SCORES = [
  [1, 2, 0.5],
  [-1, 0, 3],
];
const LABELS = [1, 0];

function scoresGraph(): Graph {
  const b = new GraphBuilder('scores');
  b.input('x', 'float32', ['batch', 3]);
  b.output(b.op('Identity', ['x']), 'float32', ['batch', 3]);
  return b.build();
}

async function run(
  scores: number[][],
  options: Omit<WithLossOptions, 'scores'>,
): Promise<{ losses: Float32Array; loss: number; gradient: Float32Array }> {
  const graph = scoresGraph();
  const added = withLoss(graph, { ...options, scores: graph.outputs[0].name });
  const { graph: full, gradients } = differentiate(added.graph, { output: added.loss, by: ['x'] });
  const feeds: Record<string, TensorValue> = {
    x: tensorFrom('float32', scores.flat(), [scores.length, 3]),
    [added.labels]: tensorFrom('int64', LABELS),
  };
  const outputs = await runGraph(full, feeds);
  return { losses: outputs[added.losses], loss: outputs[added.loss][0], gradient: outputs[gradients.get('x')!] };
}

describe('cross-entropy', () => {
  const probabilities = SCORES.map(plainSoftmax);
  const inForm: Record<ScoreKind, number[][]> = {
    logits: SCORES,
    probabilities,
    'log-probabilities': probabilities.map((row) => row.map(Math.log)),
  };
  const expected = probabilities.map((row, n) => -Math.log(row[LABELS[n]]));

  it.each(Object.keys(inForm) as ScoreKind[])('of %s is −log p[label] of each example, summed', async (kind) => {
    const { losses, loss } = await run(inForm[kind], { kind });
    expect(relativeError(losses, expected)).toBeLessThan(1e-6);
    expect(loss).toBeCloseTo(expected[0] + expected[1], 5);
  });

  it('has the gradient softmax − [c = label] by the logits; the mean divides it by the batch', async () => {
    const gradient = probabilities.flatMap((row, n) => row.map((p, c) => p - (c === LABELS[n] ? 1 : 0)));
    expect(relativeError((await run(SCORES, {})).gradient, gradient)).toBeLessThan(1e-6);
    expect(
      relativeError(
        (await run(SCORES, { reduction: 'mean' })).gradient,
        gradient.map((g) => g / 2),
      ),
    ).toBeLessThan(1e-6);
  });

  it('has the gradient −1 / p[label] by probabilities', async () => {
    const gradient = probabilities.flatMap((row, n) => row.map((p, c) => (c === LABELS[n] ? -1 / p : 0)));
    expect(relativeError((await run(probabilities, { kind: 'probabilities' })).gradient, gradient)).toBeLessThan(1e-6);
  });

  it('stays finite where the probability of the label is zero', async () => {
    const { losses } = await run(
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      { kind: 'probabilities' },
    );
    expect([...losses].every(Number.isFinite)).toBe(true);
    expect(losses[0]).toBeGreaterThan(80);
  });

  it('with label smoothing takes the target 1 − ε + ε/K for the label and ε/K for the others', async () => {
    const { losses, gradient } = await run(SCORES, { smoothing: 0.3 });
    const target = LABELS.map((label) => [0, 1, 2].map((c) => (c === label ? 0.8 : 0.1)));
    expect(
      relativeError(
        losses,
        probabilities.map((row, n) => -row.reduce((sum, p, c) => sum + target[n][c] * Math.log(p), 0)),
      ),
    ).toBeLessThan(1e-6);
    expect(
      relativeError(
        gradient,
        probabilities.flatMap((row, n) => row.map((p, c) => p - target[n][c])),
      ),
    ).toBeLessThan(1e-6);
  });

  it('takes another name for the labels where `labels` is an input already', () => {
    const b = new GraphBuilder('taken');
    b.output(b.input('labels', 'float32', [2, 3]), 'float32', [2, 3]);
    expect(withLoss(b.build(), { scores: 'labels' }).labels).not.toBe('labels');
  });

  it('refuses scores that are no matrix', () => {
    const b = new GraphBuilder('image');
    b.output(b.op('Relu', [b.input('x', 'float32', ['batch', 3, 8, 8])]), 'float32');
    const graph = b.build();
    expect(() => withLoss(graph, { scores: graph.outputs[0].name })).toThrow(
      /has the shape \[batch, 3, 8, 8\]; scores must be \[images, classes\]/,
    );
  });
});

describe('losses between two logits', () => {
  const [p, q] = SCORES.map(plainSoftmax);

  async function pairLoss(make: typeof kullbackLeibler): Promise<Record<string, Float32Array>> {
    const b = new GraphBuilder('pair');
    const [left, right] = ['left', 'right'].map((name) => b.input(name, 'float32', ['batch', 3]));
    b.outputAs('each', make(b, left, right), 'float32', ['batch']);
    b.outputAs('loss', sumOverBatch(b, 'each'), 'float32', []);
    const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['left', 'right'] });
    const feed = (row: number[]): TensorValue => tensorFrom('float32', row, [1, 3]);
    const outputs = await runGraph(graph, { left: feed(SCORES[0]), right: feed(SCORES[1]) });
    return { each: outputs.each, left: outputs[gradients.get('left')!], right: outputs[gradients.get('right')!] };
  }

  it('KL(p ‖ q) is Σ p log(p/q), with the gradient q − p by the second logits', async () => {
    const { each, right } = await pairLoss(kullbackLeibler);
    expect(each[0]).toBeCloseTo(
      p.reduce((sum, x, c) => sum + x * Math.log(x / q[c]), 0),
      5,
    );
    expect(
      relativeError(
        right,
        q.map((x, c) => x - p[c]),
      ),
    ).toBeLessThan(1e-6);
  });

  it('squared distance is Σ (a − b)², with the gradients ±2(a − b)', async () => {
    const { each, left, right } = await pairLoss(squaredDistance);
    const difference = SCORES[0].map((a, c) => a - SCORES[1][c]);
    expect(each[0]).toBeCloseTo(4 + 4 + 6.25, 5);
    expect(
      relativeError(
        left,
        difference.map((d) => 2 * d),
      ),
    ).toBeLessThan(1e-6);
    expect(
      relativeError(
        right,
        difference.map((d) => -2 * d),
      ),
    ).toBeLessThan(1e-6);
  });
});
