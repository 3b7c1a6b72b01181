import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { preactResnet } from '../../testing/preact-resnet.ts';
import { ARCHITECTURES } from '../architectures/index.ts';
import { layoutFeeds, openGraph, rowsTensor } from '../step/session.ts';
import { initialise } from './initialisers.ts';
import { Network } from './network.ts';

const shape = { channels: 3, height: 16, width: 16 };

const NETWORKS = [...ARCHITECTURES, preactResnet];
const whitening = Array.from({ length: 16 * 27 }, (_, i) => Math.sin(i));

function networkOf(name: string, width = 4): Network {
  const architecture = NETWORKS.find((a) => a.name === name) ?? NETWORKS[0];
  return new Network({
    architecture,
    options: { ...architecture.defaults, width },
    shape,
    classes: 5,
    mean: [0.5, 0.4, 0.3],
    std: [0.2, 0.25, 0.3],
    whitening,
  });
}

describe.each(NETWORKS.map((a) => a.name))('%s', (name) => {
  it('gives the same logits with norms folded into constants as with everything as inputs', async () => {
    const network = networkOf(name);
    const stream = randomStream(1, 'test');
    const parameters = initialise(network.layout, network.parameters, 0).map((v, i) => v + 0.1 * stream.normal4(i)[0]);
    const statistics = Float32Array.from({ length: network.statistics.total }, (_, i) => 0.5 + stream.uniform4(i)[1]);
    const b = new GraphBuilder('frozen');
    b.outputAs('logits', network.forward(b, { kind: 'frozen' }).logits, 'float32');
    const input = rowsTensor(
      Float32Array.from({ length: 2 * 768 }, (_, i) => stream.uniform4(i, 1)[0]),
      2,
      [3, 16, 16],
    );

    const frozen = await openGraph(b.build(), nodeRuntime, 1);
    const expected = await frozen.run({
      input,
      ...layoutFeeds(network.layout, parameters),
      ...layoutFeeds(network.statistics, statistics),
    });
    const graph = network.inferenceGraph({ parameters, statistics });
    const folded = await openGraph(graph, nodeRuntime, 1);
    const { logits } = await folded.run({ input });
    expect(logits.dims).toEqual([2, 5]);
    const scale = Math.max(...(expected.logits.data as Float32Array).map(Math.abs));
    (logits.data as Float32Array).forEach((v, i) =>
      expect(Math.abs(v - (expected.logits.data as Float32Array)[i]) / scale).toBeLessThan(1e-5),
    );
    const norms = graph.nodes.filter((node) => node.opType === 'BatchNormalization').length;
    expect(norms > 0).toBe(name === preactResnet.name);
  });

  it('starts from its seed', () => {
    const network = networkOf(name);
    const first = initialise(network.layout, network.parameters, 0);
    expect(initialise(network.layout, network.parameters, 0)).toEqual(first);
    expect(initialise(network.layout, network.parameters, 1)).not.toEqual(first);
  });
});

it('has the sizes that the literature gives', () => {
  const size = (name: string, depth: number, width: number, s = shape, classes = 10) => {
    const architecture = ARCHITECTURES.find((a) => a.name === name) ?? ARCHITECTURES[0];
    return new Network({ architecture, options: { depth, width }, shape: s, classes, mean: [0], std: [1] }).layout
      .total;
  };
  expect(size('mnist-convnet', 4, 32, { channels: 1, height: 28, width: 28 })).toBe(3_274_634);
  // ResNet-20 without parameters in its shortcuts has 269,722; ours adds 1×1 convolutions (2,560) and their norms
  // (192).
  expect(size('resnet', 20, 16, { channels: 3, height: 32, width: 32 })).toBe(269_722 + 2_560 + 192);
});

it('draws He-normal weights with the variance 2 / fan-in', () => {
  const network = networkOf('resnet9', 16);
  const views = network.layout.views(initialise(network.layout, network.parameters, 3));
  const weights = views.get('layer3.residual.conv1.weight') as Float32Array;
  const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  expect((variance * 128 * 9) / 2).toBeGreaterThan(0.97);
  expect((variance * 128 * 9) / 2).toBeLessThan(1.03);
});

it('starts convolutions of the whitened network as partial identities', () => {
  const network = networkOf('whitened-convnet', 32);
  const weights = network.layout
    .views(initialise(network.layout, network.parameters, 0))
    .get('stage1.conv2.weight') as Float32Array;
  const image = Float32Array.from({ length: 32 * 32 * 9 }, (_, i) =>
    Math.floor(i / 9) % 33 === 0 && i % 9 === 4 ? 1 : 0,
  );
  expect(weights).toEqual(image);
  const wider = network.layout
    .views(initialise(network.layout, network.parameters, 0))
    .get('stage2.conv1.weight') as Float32Array;
  expect(wider.subarray(0, 32 * 32 * 9)).toEqual(image);
  const rest = wider.subarray(32 * 32 * 9);
  expect((rest.reduce((sum, w) => sum + w * w, 0) / rest.length) * 3 * 32 * 9).toBeCloseTo(1, 1);
});
