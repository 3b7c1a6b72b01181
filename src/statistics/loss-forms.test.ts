import { expect, it } from 'vitest';
import * as graphs from '../gradients/losses.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { runGraph } from '../testing/run-graph.ts';
import { crossEntropy } from './cross-entropy.ts';
import { kullbackLeibler } from './kullback-leibler.ts';

/*
 * Losses are written twice: as loops, for scores that are at hand and of which one number each is wanted, and as
 * graphs, for what is differentiated or stays on a device. One table holds both to the same numbers.
 */

const CLASSES = 3;
const SCORES = Float32Array.of(1, 2, 0.5, -1, 0, 3, 40, -40, 0);
const OTHERS = Float32Array.of(0, 2, 1, 3, 0, -1, -2, 5, 1);
const LABELS = [1, 0, 1];
const ONE_HOT = Float32Array.from({ length: SCORES.length }, (_, i) =>
  Number(i % CLASSES === LABELS[Math.floor(i / CLASSES)]),
);

/** Each row's number by a graph of the scores, the others and the labels, one-hot and as numbers. */
async function byGraph(
  write: (b: GraphBuilder, values: { x: string; y: string; hot: string; labels: string }) => string,
): Promise<number[]> {
  const b = new GraphBuilder('loss');
  const [x, y, hot] = ['x', 'y', 'hot'].map((name) => b.input(name, 'float32', ['rows', CLASSES]));
  const labels = b.input('labels', 'int64', ['rows']);
  b.outputAs('loss', write(b, { x, y, hot, labels }), 'float32', undefined);
  const dims = [LABELS.length, CLASSES];
  const { loss } = await runGraph(b.build(), {
    x: tensorFrom('float32', SCORES, dims),
    y: tensorFrom('float32', OTHERS, dims),
    hot: tensorFrom('float32', ONE_HOT, dims),
    labels: tensorFrom('int64', LABELS),
  });
  return [...loss];
}

const byLoop = (lossOf: (row: number) => number): number[] => LABELS.map((_, row) => lossOf(row));
const ofLabel = (row: number): number => crossEntropy(SCORES, row * CLASSES, CLASSES, LABELS[row]);

it.each([
  [
    'cross-entropy of labels',
    ofLabel,
    byGraph((b, { x, labels }) => graphs.crossEntropy(b, { scores: x, labels, classes: CLASSES })),
  ],
  ['cross-entropy of one-hot rows', ofLabel, byGraph((b, { x, hot }) => graphs.crossEntropyOfRows(b, x, hot))],
  [
    'Kullback-Leibler divergence',
    (row: number) => kullbackLeibler(SCORES, row * CLASSES, OTHERS, row * CLASSES, CLASSES),
    byGraph((b, { x, y }) => graphs.kullbackLeibler(b, x, y)),
  ],
])('%s: loop and graph agree on every row', async (_, loop, graph) => {
  const expected = byLoop(loop);
  (await graph).forEach((value, row) => expect(value / expected[row]).toBeCloseTo(1, 5));
});

it('the total is the sum of the rows, each by its weight', async () => {
  const [total] = await byGraph((b, { x, hot }) => graphs.totalCrossEntropy(b, x, b.op('Mul', [hot, b.constant(0.5)])));
  expect(total).toBeCloseTo(0.5 * byLoop(ofLabel).reduce((sum, loss) => sum + loss), 4);
});
