import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { softTargets } from '../objectives/targets.ts';
import { floatsOf, layoutFeeds, openGraph, rowsTensor } from './session.ts';
import { stepGraph } from './step-graph.ts';
import { StepSession } from './step-session.ts';

it('puts every gradient and statistic where its parameter lies in the flat vectors', async () => {
  // No layer fills a block of channels: the graph runs as it is, and the numbers are the same.
  const network = new Network({
    architecture: architectureNamed('resnet'),
    options: { depth: 8, width: 3 },
    shape: { channels: 1, height: 8, width: 8 },
    classes: 10,
    mean: [0.5],
    std: [0.25],
  });
  const rows = 4;
  const stream = randomStream(0, 'test');
  const images = Float32Array.from({ length: rows * 64 }, (_, i) => stream.uniform4(i, 0)[0]);
  const targets = softTargets([1, 2, 3, 4], 10, 0, 1 / rows);
  const parameters = initialise(network.layout, network.parameters, 0);

  const { graph, gradients } = stepGraph(network);
  const reference = await (
    await openGraph(graph, nodeRuntime, 1)
  ).run({
    ...layoutFeeds(network.layout, parameters),
    input: rowsTensor(images, rows, [1, 8, 8]),
    targets: rowsTensor(targets, rows, [10]),
  });

  const gradient = new Float32Array(network.layout.total).fill(NaN);
  const statistics = new Float32Array(network.statistics.total).fill(NaN);
  const session = await StepSession.open(network, nodeRuntime, 1, rows);
  expect(await session.run(parameters, { rows, images, targets }, gradient, statistics)).toBe(
    floatsOf(reference.loss)[0],
  );
  for (const [name, view] of network.layout.views(gradient))
    expect(view, name).toEqual(floatsOf(reference[gradients.get(name) as string]));
  for (const [name, view] of network.statistics.views(statistics))
    expect(view, name).toEqual(floatsOf(reference[name]));
  await session.release();
});
