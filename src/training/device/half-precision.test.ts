import { Tensor } from 'onnxruntime-common';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { randomStream } from '../../random/stream.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { frozenGraph } from '../step/frozen-model.ts';
import { layoutFeeds, openGraph } from '../step/session.ts';
import { inlineHalf } from './half-precision.ts';

// The CPU has no such arithmetic, and computes this in float32: what is tested is that the graph is whole and that its
// constants are narrow.
it.each([
  ['whitened-convnet', 8, 32, 3],
  ['resnet9', 9, 16, 3],
  ['mnist-convnet', 4, 28, 1],
])('gives logits as float32 does, up to half precision: %s', async (architecture, depth, side, channels) => {
  const network = new Network({
    architecture: architectureNamed(architecture),
    options: { depth, width: 4 },
    shape: { channels, height: side, width: side },
    classes: 10,
    mean: new Array<number>(channels).fill(0.5),
    std: new Array<number>(channels).fill(0.25),
    whitening: Array.from({ length: 2 * (channels * 9) ** 2 }, (_, i) => Math.sin(i)),
  });
  const graph = frozenGraph(network);
  const b = new GraphBuilder('half');
  for (const { name, type, shape } of graph.inputs) b.input(name, type, shape);
  b.outputAs(
    'logits',
    inlineHalf(b, graph, 'half/', Object.fromEntries(graph.inputs.map(({ name }) => [name, name])))[0],
    'float32',
    ['batch', 10],
  );
  const half = b.build();
  expect([...half.initializers.values()].some(({ type }) => type === 'float32')).toBe(false);

  const stream = randomStream(1, 'test');
  const rows = 8;
  const feeds = {
    ...layoutFeeds(
      network.layout,
      initialise(network.layout, network.parameters, 0).map((v, i) => v + 0.1 * stream.normal4(i)[0]),
    ),
    ...layoutFeeds(network.statistics, new Float32Array(network.statistics.total).fill(1)),
    input: new Tensor(
      'float32',
      Float32Array.from({ length: rows * channels * side * side }, (_, i) => stream.uniform4(i)[0]),
      [rows, channels, side, side],
    ),
  };
  const [expected, found] = await Promise.all(
    [graph, half].map(async (g) => (await (await openGraph(g, nodeRuntime, 1)).run(feeds)).logits.data as Float32Array),
  );
  const [low, high] = [Math.min(...expected), Math.max(...expected)];
  found.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(0.01 * (high - low)));
});
