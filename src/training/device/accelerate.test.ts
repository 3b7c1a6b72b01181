import { Tensor } from 'onnxruntime-common';
import { describe, expect, it } from 'vitest';
import { differentiateByMeaning } from '../../gradients/differentiate.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN, type Node } from '../../onnx/graph.ts';
import { randomStream } from '../../random/stream.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { layoutFeeds, openGraph } from '../step/session.ts';
import { stepGraph } from '../step/step-graph.ts';
import { withBatch } from '../step/with-batch.ts';
import { accelerate } from './accelerate.ts';

const ROWS = 16;

function stepOf(architecture: string, depth: number, width: number, side: number, channels: number) {
  const { whitens } = architectureNamed(architecture);
  const whitening =
    whitens === undefined
      ? undefined
      : Array.from({ length: 2 * (channels * whitens ** 2) ** 2 }, (_, i) => Math.sin(i));
  const network = new Network({
    architecture: architectureNamed(architecture),
    options: { depth, width },
    shape: { channels, height: side, width: side },
    classes: 10,
    mean: Array.from({ length: channels }, () => 0.5),
    std: Array.from({ length: channels }, () => 0.25),
    whitening,
  });
  const stream = randomStream(0, 'test');
  const uniform = (dims: number[]) =>
    new Tensor(
      'float32',
      Float32Array.from({ length: dims.reduce((a, d) => a * d, 1) }, (_, i) => stream.uniform4(i, dims.length)[0]),
      dims,
    );
  return {
    graph: withBatch(stepGraph(network, { distance: 'kl', lambda: 2 }).graph, ROWS),
    feeds: {
      ...layoutFeeds(network.layout, initialise(network.layout, network.parameters, 0)),
      input: uniform([ROWS, channels, side, side]),
      targets: uniform([ROWS, 10]),
    },
  };
}

const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

describe('accelerate', () => {
  it.each([
    ['resnet9', 9, 4, 16, 3],
    ['resnet', 8, 4, 15, 3],
    ['plain-convnet', 6, 4, 28, 1],
    ['mnist-convnet', 4, 4, 28, 1],
    ['whitened-convnet', 8, 4, 32, 3],
    ['imagenet-resnet', 18, 4, 32, 3],
  ])('computes the same step: %s-%i', async (architecture, depth, width, side, channels) => {
    const { graph, feeds } = stepOf(architecture, depth, width, side, channels);
    const accelerated = accelerate(graph);
    const kinds = new Set(accelerated.nodes.map((node) => node.opType));
    expect(kinds).toContain('FusedMatMul');
    expect(kinds).not.toContain('BatchNormalization');
    const plain = await (await openGraph(graph, nodeRuntime, 1)).run(feeds);
    const other = await (await openGraph(accelerated, nodeRuntime, 1)).run(feeds);
    expect(Object.keys(other)).toEqual(Object.keys(plain));
    for (const [name, { data, dims }] of Object.entries(plain)) {
      expect(other[name].dims, name).toEqual(dims);
      const [a, b] = [other[name].data as Float32Array, data as Float32Array];
      expect(norm(a.map((v, i) => v - b[i])), name).toBeLessThan(1e-6 + 2e-4 * norm(b));
    }
  });

  it.each([
    ['resnet9', 9, 16],
    ['whitened-convnet', 8, 32],
  ])(
    'takes the fast form of every gradient, without scattering and filters as large as an image: %s',
    (architecture, depth, side) => {
      const { graph } = stepOf(architecture, depth, 4, side, 3);
      const { nodes } = accelerate(graph);
      const count = (all: readonly Node[], opType: string) => all.filter((node) => node.opType === opType).length;
      expect(count(nodes, 'FusedMatMul')).toBe(count(graph.nodes, 'ConvWeightGradient'));
      expect(count(graph.nodes, 'BatchNormalizationGradient')).toBeGreaterThan(0);
      expect(nodes.some(({ domain }) => domain === GRADIENT_DOMAIN)).toBe(false);
      // Mean and variance, which a norm and its gradient share, and two means of the gradient, each in two steps.
      const means = count(nodes, 'ReduceMean') - count(graph.nodes, 'ReduceMean');
      expect(means).toBe(8 * count(graph.nodes, 'BatchNormalization'));
      expect(nodes.some(({ opType }) => opType === 'ScatterElements')).toBe(false);
      for (const node of nodes)
        if (node.opType === 'Conv') expect(node.attributes.get('kernel_shape')?.value).toEqual([3, 3]);
    },
  );

  it('gives a maximum that a window holds several times to the first, as the plain graph does', async () => {
    const b = new GraphBuilder('ties');
    b.input('x', 'float32', [2, 1, 5, 4]);
    const y = b.op('MaxPool', ['x'], { kernel_shape: [2, 2], strides: [2, 2] });
    b.node('ReduceSum', [b.op('Mul', [y, y])], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    const { graph } = differentiateByMeaning(b.build(), { output: 'loss', by: ['x'] });
    const accelerated = accelerate(graph);
    expect(accelerated.nodes.some(({ opType }) => opType === 'ScatterElements')).toBe(false);
    const x = new Tensor(
      'float32',
      Float32Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 2 : 1)),
      [2, 1, 5, 4],
    );
    const [plain, other] = await Promise.all(
      [graph, accelerated].map(async (form) => (await openGraph(form, nodeRuntime, 1)).run({ x })),
    );
    expect(other['x:gradient'].data).toEqual(plain['x:gradient'].data);
  });

  // Wide steps along one axis alone, and a frame that only one side has.
  it.each([
    ['strides', { strides: [2, 1] }],
    ['frames', { pads: [1, 0, 0, 2] }],
  ])('weight gradients with different %s along rows and columns', async (_, attributes) => {
    const b = new GraphBuilder('unequal');
    b.input('x', 'float32', [2, 3, 7, 6]);
    b.input('w', 'float32', [4, 3, 3, 3]);
    const y = b.op('Conv', ['x', 'w'], attributes);
    b.node('ReduceSum', [b.op('Mul', [y, y])], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    const { graph } = differentiateByMeaning(b.build(), { output: 'loss', by: ['w'] });
    const wave = (dims: number[]) =>
      new Tensor(
        'float32',
        Float32Array.from({ length: dims.reduce((a, d) => a * d) }, (_v, i) => Math.sin(i)),
        dims,
      );
    const feeds = { x: wave([2, 3, 7, 6]), w: wave([4, 3, 3, 3]) };
    const [plain, other] = await Promise.all(
      [graph, accelerate(graph)].map(async (form) => (await openGraph(form, nodeRuntime, 1)).run(feeds)),
    );
    const [a, c] = [plain, other].map((outputs) => outputs['w:gradient'].data as Float32Array);
    expect(norm(c.map((v, i) => v - a[i]))).toBeLessThan(1e-5 * norm(a));
  });
});
