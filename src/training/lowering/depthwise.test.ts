import { Tensor } from 'onnxruntime-common';
import { describe, expect, it } from 'vitest';
import { differentiateByMeaning } from '../../gradients/differentiate.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import { randomStream } from '../../random/stream.ts';
import { probeBlock } from '../step/open-lowered.ts';
import { openGraph } from '../step/session.ts';
import { lower, planLowering } from './lower.ts';

const [IMAGES, CHANNELS, SIDE] = [16, 32, 11];
const block = await probeBlock(nodeRuntime);
const stream = randomStream(0, 'depthwise');

interface Layer {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

/**
 * As in a MobileNet: 1×1 convolution, Clip to [0, 6], depthwise convolution, Clip, 1×1 convolution; the loss is a
 * weighted sum.
 */
function graphOf({ kernel, strides, pads }: Layer): Graph {
  const b = new GraphBuilder('depthwise');
  const image = b.input('image', 'float32', [IMAGES, 16, SIDE, SIDE]);
  const bounds = [b.constant(0), b.constant(6)];
  const weights = (name: string, dims: number[]): string => b.input(name, 'float32', dims);
  const wide = b.op('Conv', [image, weights('expand', [CHANNELS, 16, 1, 1]), weights('bias', [CHANNELS])], {
    kernel_shape: [1, 1],
  });
  const deep = b.op('Conv', [b.op('Clip', [wide, ...bounds]), weights('deep', [CHANNELS, 1, ...kernel])], {
    group: CHANNELS,
    kernel_shape: kernel,
    strides,
    pads,
  });
  const narrow = b.op('Conv', [b.op('Clip', [deep, ...bounds]), weights('project', [16, CHANNELS, 1, 1])], {
    kernel_shape: [1, 1],
  });
  const sides = kernel.map((length, i) => Math.floor((SIDE + pads[i] + pads[i + 2] - length) / strides[i]) + 1);
  const weighted = b.op('Mul', [narrow, weights('weight', [IMAGES, 16, ...sides])]);
  b.node('ReduceSum', [weighted], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  const by = ['image', 'expand', 'bias', 'deep', 'project'];
  return differentiateByMeaning(b.build(), { output: 'loss', by }).graph;
}

/** Scores from −1.5 to 1.5; the images are large, so that values lie on both sides of 0 and of 6. */
function feedsOf({ inputs }: Graph): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, shape }, position) => {
      const dims = shape as number[];
      const scale = name === 'image' ? 6 : 1;
      const data = Float32Array.from(
        { length: dims.reduce((a, d) => a * d, 1) },
        (_, i) => scale * (3 * stream.uniform4(i, position)[0] - 1.5),
      );
      return [name, new Tensor('float32', data, dims)];
    }),
  );
}

const LAYERS: [string, Layer][] = [
  ['3×3', { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }],
  ['3×3 at every second pixel', { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['3×3 at every second pixel, padded on one side', { kernel: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] }],
  ['5×5 at every second pixel', { kernel: [5, 5], strides: [2, 2], pads: [2, 2, 2, 2] }],
  ['3×1', { kernel: [3, 1], strides: [1, 1], pads: [1, 0, 1, 0] }],
];

describe('depthwise convolutions', () => {
  it.each(LAYERS)('of %s are written in the blocked layout, with what clips them', (_, layer) => {
    const graph = graphOf(layer);
    const plan = planLowering(graph, 16);
    // Three convolutions and two Clips; the gradients by the images of all three.
    expect(['Conv', 'Clip', 'ConvInputGradient'].map((opType) => plan.count(opType))).toEqual([3, 2, 3]);
  });

  it('of several channels into each are not', () => {
    const b = new GraphBuilder('grouped');
    b.input('image', 'float32', [1, CHANNELS, 8, 8]);
    b.input('weights', 'float32', [CHANNELS, 2, 3, 3]);
    b.outputAs('y', b.op('Conv', ['image', 'weights'], { group: CHANNELS / 2, kernel_shape: [3, 3] }), 'float32', [
      1,
      CHANNELS,
      6,
      6,
    ]);
    expect(planLowering(b.build(), 16).count('Conv')).toBe(0);
  });
});

describe.skipIf(block === undefined)('depthwise convolutions, blocked', () => {
  it.each(LAYERS)('give what the plain graph gives: %s', async (_, layer) => {
    const graph = graphOf(layer);
    const feeds = feedsOf(graph);
    const [plain, blocked] = [
      await (await openGraph(graph, nodeRuntime, 1)).run(feeds),
      await (await openGraph(lower(graph, block as number)!, nodeRuntime, 1)).run(feeds),
    ];
    for (const [name, { data }] of Object.entries(plain)) {
      const found = blocked[name].data as Float32Array;
      const expected = data as Float32Array;
      const size = Math.hypot(...expected);
      expect(size, name).toBeGreaterThan(0);
      expect(Math.hypot(...expected.map((value, i) => value - found[i])), name).toBeLessThan(1e-5 * size);
    }
  });
});
