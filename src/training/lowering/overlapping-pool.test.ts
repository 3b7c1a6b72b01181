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

const [IMAGES, CHANNELS] = [2, 16];
const block = await probeBlock(nodeRuntime);
const stream = randomStream(0, 'overlapping');

interface Pooling {
  readonly height: number;
  readonly width: number;
  readonly pads: readonly [number, number, number, number];
  readonly relu: boolean;
}

/** Σ weight · maxima of a convolution that copies its image, and the gradients by the image and by a bias. */
function graphOf({ height, width, pads, relu }: Pooling): Graph {
  const b = new GraphBuilder('pooled');
  const dims = [IMAGES, CHANNELS, height, width];
  const image = b.input('image', 'float32', dims);
  const identity = Array.from({ length: CHANNELS ** 2 }, (_, i) => Number(i % (CHANNELS + 1) === 0));
  const weights = b.constant(identity, [CHANNELS, CHANNELS, 1, 1]);
  const bias = b.input('bias', 'float32', [CHANNELS]);
  const copy = b.op('Conv', [image, weights, bias], { kernel_shape: [1, 1] });
  const maxima = b.op('MaxPool', [relu ? b.op('Relu', [copy]) : copy], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads,
  });
  const lengths = [height + pads[0] + pads[2], width + pads[1] + pads[3]].map((side) => Math.floor((side - 3) / 2) + 1);
  const weighted = b.op('Mul', [maxima, b.input('weight', 'float32', [IMAGES, CHANNELS, ...lengths])]);
  b.node('ReduceSum', [weighted], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return differentiateByMeaning(b.build(), { output: 'loss', by: ['image', 'bias'] }).graph;
}

/** Whole numbers from −2 to 2, so that most windows hold their maximum more than once and some are all negative. */
function feedsOf({ inputs }: Graph): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, shape }, position) => {
      const dims = shape as number[];
      const draw = (i: number): number => Math.floor(5 * stream.uniform4(i, position)[0]) - 2;
      const data = Float32Array.from({ length: dims.reduce((a, d) => a * d, 1) }, (_, i) => draw(i));
      return [name, new Tensor('float32', name === 'bias' ? data.fill(0) : data, dims)];
    }),
  );
}

const CASES: [string, Pooling][] = [
  ['that fill the image', { height: 9, width: 7, pads: [0, 0, 0, 0], relu: false }],
  ['behind a Relu', { height: 9, width: 7, pads: [0, 0, 0, 0], relu: true }],
  ['that leave a row and a column', { height: 8, width: 10, pads: [0, 0, 0, 0], relu: false }],
  ['around an odd image', { height: 9, width: 7, pads: [1, 1, 1, 1], relu: true }],
  ['around an even image', { height: 8, width: 6, pads: [1, 1, 1, 1], relu: true }],
  ['over the lower right edge', { height: 8, width: 8, pads: [0, 0, 1, 1], relu: true }],
  ['over the left edge of one that leaves a row', { height: 8, width: 9, pads: [0, 1, 0, 1], relu: true }],
];

describe('maxima over windows of 3×3 at every second place', () => {
  it.each(CASES)('%s are differentiated in the blocked layout', (_, pooling) => {
    expect(planLowering(graphOf(pooling), 16).count('MaxPoolGradient')).toBe(1);
  });

  it.each<[string, Partial<Pooling>]>([
    // Negative values would lose to the zeros around.
    ['around an image that may be negative', { pads: [1, 1, 1, 1], relu: false }],
    ['that see two rows before the image', { pads: [2, 0, 0, 0], relu: true }],
  ])('%s are not', (_, change) => {
    const pooling = { height: 9, width: 9, pads: [0, 0, 0, 0] as const, relu: true, ...change };
    expect(planLowering(graphOf(pooling), 16).count('MaxPoolGradient')).toBe(0);
  });
});

it('maxima whose padding follows from the size of the image stay in the plain layout', () => {
  const graph = graphOf({ height: 9, width: 9, pads: [1, 1, 1, 1], relu: true });
  const nodes = graph.nodes.map((node) => {
    if (!node.opType.startsWith('MaxPool')) return node;
    const attributes = new Map(node.attributes).set('auto_pad', { kind: 'string', value: 'SAME_UPPER' });
    attributes.delete('pads');
    return { ...node, attributes };
  });
  const plan = planLowering({ ...graph, nodes }, 16);
  expect([plan.count('MaxPool'), plan.count('MaxPoolGradient')]).toEqual([0, 0]);
});

describe.skipIf(block === undefined)('the gradient of such maxima, blocked', () => {
  it.each(CASES)('is the plain one: windows %s', async (_, pooling) => {
    const graph = graphOf(pooling);
    const lowered = lower(graph, block as number)!;
    expect(lowered.nodes.some(({ opType }) => opType === 'ScatterElements')).toBe(false);
    const feeds = feedsOf(graph);
    const [plain, blocked] = [
      await (await openGraph(graph, nodeRuntime, 1)).run(feeds),
      await (await openGraph(lowered, nodeRuntime, 1)).run(feeds),
    ];
    for (const [name, { data }] of Object.entries(plain)) {
      const found = blocked[name].data as Float32Array;
      // All are whole numbers: what is a value or more apart went elsewhere, what is less is how sums round.
      const others = [...(data as Float32Array)].flatMap((value, i) =>
        Math.abs(value - found[i]) < 1e-4 ? [] : [[i, value, found[i]]],
      );
      expect(others.slice(0, 5), name).toEqual([]);
    }
  });
});
