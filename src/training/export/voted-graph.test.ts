import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { plainSoftmax } from '../../testing/softmax.ts';
import { createWarp } from '../../transform/warp.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { openGraph, rowsTensor } from '../step/session.ts';
import { votedGraph, voteTransformations } from './voted-graph.ts';

it('votes in the graph as a loop over warp and model does', async () => {
  const shape = { channels: 2, height: 9, width: 12 };
  const size = 2 * 9 * 12;
  const rows = 40;
  const classes = 4;
  const network = new Network({
    architecture: architectureNamed('mnist-convnet'),
    options: { depth: 4, width: 4 },
    shape,
    classes,
    mean: [0.5, 0.5],
    std: [0.3, 0.3],
  });
  const graph = network.inferenceGraph({
    parameters: initialise(network.layout, network.parameters, 5),
    statistics: new Float32Array(0),
  });
  const transformations = [...voteTransformations(4, { tx: 3, ty: 2, angle: 60 }, 1), { tx: 0, ty: 0, angle: 90 }];
  const stream = randomStream(2, 'pixels');
  const images = Float32Array.from({ length: rows * size }, (_, i) => stream.uniform4(i)[0]);

  const plain = await openGraph(graph, nodeRuntime, 1);
  const warp = createWarp(shape);
  const scores = Array.from({ length: rows }, () => new Float64Array(classes));
  for (const t of transformations) {
    const views = new Float32Array(images.length);
    for (let i = 0; i < rows; i++) warp.apply(images.subarray(i * size, (i + 1) * size), t, views, i * size);
    const logits = (await plain.run({ input: rowsTensor(views, rows, [2, 9, 12]) })).logits.data as Float32Array;
    scores.forEach((score, i) => {
      const shares = plainSoftmax([...logits.subarray(i * classes, (i + 1) * classes)]);
      score[argMax(shares, 0, classes)] += 1;
      shares.forEach((p, c) => (score[c] += (0.5 * p) / transformations.length));
    });
  }
  const voted = await openGraph(
    votedGraph(graph, shape, { kind: 'logits', width: classes }, transformations),
    nodeRuntime,
    1,
  );
  const { logits } = await voted.run({ input: rowsTensor(images, rows, [2, 9, 12]) });
  expect(logits.dims).toEqual([rows, classes]);
  scores.forEach((score, i) =>
    score.forEach((value, c) => {
      expect((logits.data as Float32Array)[i * classes + c]).toBeCloseTo(
        Math.log(value / (transformations.length + 0.5)),
        4,
      );
    }),
  );
  // Several winners, so that the votes had something to decide.
  expect(new Set(scores.map((score) => argMax(score, 0, classes))).size).toBeGreaterThan(1);
});
