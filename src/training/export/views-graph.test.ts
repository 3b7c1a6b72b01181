import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { readModel } from '../../onnx/read.ts';
import { randomStream } from '../../random/stream.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { linearModel } from '../../testing/classifier.ts';
import { plainSoftmax } from '../../testing/softmax.ts';
import { createWarp } from '../../transform/warp.ts';
import { openGraph, rowsTensor } from '../step/session.ts';
import { ANSWERS, turnedViews, viewsGraph } from './views-graph.ts';

const SHAPE = { channels: 1, height: 5, width: 5 };
const [SIZE, ROWS, CLASSES] = [25, 30, 3];
const VIEWS = turnedViews(3, 20);

it('turns by evenly spaced angles, both ends among them', () => {
  expect(VIEWS.map(({ angle }) => angle)).toEqual([-20, 0, 20]);
  expect(turnedViews(7, 24).map(({ angle }) => Math.round(angle))).toEqual([-24, -16, -8, 0, 8, 16, 24]);
});

it.each(['logits', 'probabilities'] as const)('answers as a loop over warp and model does: %s', async (kind) => {
  const ending = kind === 'logits' ? undefined : 'Softmax';
  const { graph } = readModel(linearModel({ shape: SHAPE, classes: CLASSES, ending }));
  const stream = randomStream(3, 'pixels');
  const images = Float32Array.from({ length: ROWS * SIZE }, (_, i) => 6 * stream.uniform4(i)[0]);
  const plain = await openGraph(graph, nodeRuntime, 1);
  const warp = createWarp(SHAPE);
  const scores: number[][][] = [];
  for (const view of VIEWS) {
    const seen = new Float32Array(images.length);
    for (let i = 0; i < ROWS; i++) warp.apply(images.subarray(i * SIZE, (i + 1) * SIZE), view, seen, i * SIZE);
    const answers = await plain.run({ [graph.inputs[0].name]: rowsTensor(seen, ROWS, [1, 5, 5]) });
    const data = [...(answers[graph.outputs[0].name].data as Float32Array)];
    const logits = kind === 'logits' ? data : data.map(Math.log);
    scores.push(Array.from({ length: ROWS }, (_, i) => logits.slice(i * CLASSES, (i + 1) * CLASSES)));
  }
  const expected = {
    mean: (i: number) =>
      Array.from({ length: CLASSES }, (_, c) =>
        Math.log(VIEWS.reduce((sum, _, v) => sum + plainSoftmax(scores[v][i])[c], 0) / VIEWS.length),
      ),
    'most-confident': (i: number) => {
      const sureness = scores.map((of) => Math.max(...plainSoftmax(of[i])));
      return scores[argMax(sureness, 0, VIEWS.length)][i];
    },
    'least-energy': (i: number) => {
      const sums = scores.map((of) => of[i].reduce((sum, score) => sum + Math.exp(score), 0));
      return scores[argMax(sums, 0, VIEWS.length)][i];
    },
  };
  // The energy of probabilities is 0 whatever they are.
  const told = ANSWERS.filter((answer) => kind === 'logits' || answer !== 'least-energy');
  for (const answer of told) {
    const session = await openGraph(viewsGraph(graph, SHAPE, { kind, width: CLASSES }, VIEWS, answer), nodeRuntime, 1);
    const { logits } = await session.run({ input: rowsTensor(images, ROWS, [1, 5, 5]) });
    expect(logits.dims).toEqual([ROWS, CLASSES]);
    for (let i = 0; i < ROWS; i++)
      expected[answer](i).forEach((value, c) =>
        expect((logits.data as Float32Array)[i * CLASSES + c]).toBeCloseTo(value, 4),
      );
  }
  // The views differ in what they say, so that there was something to choose.
  const winners = scores.map((of) => of.map((row) => argMax(row, 0, CLASSES)).join());
  expect(new Set(winners).size).toBe(VIEWS.length);
});

it.each(ANSWERS)('keeps a class that is masked out by −∞ masked out: %s', async (answer) => {
  const b = new GraphBuilder('masked');
  const mean = b.op('ReduceMean', [b.input('x', 'float32', ['N', 1, 5, 5]), b.ints([2, 3])], { keepdims: 0 });
  const masked = b.op('Sub', [mean, b.constant(Infinity)]);
  b.outputAs('y', b.op('Concat', [mean, b.op('Neg', [mean]), masked], { axis: 1 }), 'float32', ['N', CLASSES]);
  const graph = viewsGraph(b.build(), SHAPE, { kind: 'logits', width: CLASSES }, VIEWS, answer);
  const session = await openGraph(graph, nodeRuntime, 1);
  const { logits } = await session.run({ input: rowsTensor(new Float32Array(SIZE).fill(1), 1, [1, 5, 5]) });
  const [first, second, third] = logits.data as Float32Array;
  expect([first, second].every(Number.isFinite)).toBe(true);
  expect(first).toBeGreaterThan(second);
  expect(third).toBeLessThan(second - 20);
});
