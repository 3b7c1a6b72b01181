import { Tensor } from 'onnxruntime-common';
import { describe, expect, it } from 'vitest';
import { differentiateByMeaning } from '../../gradients/differentiate.ts';
import { totalCrossEntropy } from '../../gradients/losses.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN, type Graph } from '../../onnx/graph.ts';
import { randomStream } from '../../random/stream.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { preactResnet } from '../../testing/preact-resnet.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { layoutFeeds, openGraph } from '../step/session.ts';
import { stepGraph } from '../step/step-graph.ts';
import { withBatch } from '../step/with-batch.ts';
import { lower, planLowering } from './lower.ts';
import { openLowered, probeBlock } from '../step/open-lowered.ts';

const ROWS = 16;
const block = await probeBlock(nodeRuntime);

function stepOf(architecture: string, depth: number, width: number, side: number, channels = 3, rows = ROWS) {
  const network = new Network({
    architecture: architecture === preactResnet.name ? preactResnet : architectureNamed(architecture),
    options: { depth, width },
    shape: { channels, height: side, width: side },
    classes: 10,
    mean: Array.from({ length: channels }, () => 0.5),
    std: Array.from({ length: channels }, () => 0.25),
    whitening: Array.from({ length: 16 * channels * 9 }, (_, i) => Math.sin(i)),
  });
  const { graph } = stepGraph(network, { distance: 'kl', lambda: 2 });
  const fixed = withBatch(graph, rows);
  const stream = randomStream(0, 'test');
  const uniform = (dims: number[]) =>
    new Tensor(
      'float32',
      Float32Array.from({ length: dims.reduce((a, d) => a * d, 1) }, (_, i) => stream.uniform4(i, dims.length)[0]),
      dims,
    );
  const feeds: Record<string, Tensor> = {
    ...layoutFeeds(network.layout, initialise(network.layout, network.parameters, 0)),
    input: uniform([rows, channels, side, side]),
    targets: uniform([rows, 10]),
  };
  return { network, fixed, feeds };
}

const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

async function expectSame(graph: Graph, lowered: Graph, feeds: Record<string, Tensor>): Promise<void> {
  const plain = await (await openGraph(graph, nodeRuntime, 1)).run(feeds);
  const blocked = await (await openGraph(lowered, nodeRuntime, 1)).run(feeds);
  expect(Object.keys(blocked).sort()).toEqual(Object.keys(plain).sort());
  for (const [name, { data, dims }] of Object.entries(plain)) {
    expect(blocked[name].dims).toEqual(dims);
    const a = blocked[name].data as Float32Array;
    const b = data as Float32Array;
    expect(norm(a.map((v, i) => v - b[i])), name).toBeLessThan(1e-6 + 2e-4 * norm(b));
  }
}

// What is planned does not depend on the machine: a rule that no longer applies shows here.
describe('what is written in the blocked layout', () => {
  const OPERATORS = [
    'Conv',
    'ConvInputGradient',
    'ConvWeightGradient',
    'MaxPoolGradient',
    'Positive',
    'BatchNormalization',
    'BatchNormalizationGradient',
  ];

  it.each([
    ['mnist-convnet', 4, 16, 28, 1, '2/2 1/1 2/2 2/2 2/3 0/0 0/0'],
    ['resnet', 8, 16, 16, 3, '9/9 8/8 9/9 0/0 7/7 9/9 9/9'],
    ['preact-resnet', 8, 32, 15, 3, '9/9 8/8 9/9 0/0 7/7 7/7 7/7'],
    ['whitened-convnet', 8, 16, 32, 3, '7/7 5/5 6/6 3/3 6/6 6/6 6/6'],
    ['resnet9', 9, 16, 16, 3, '8/8 7/7 8/8 3/3 8/8 8/8 8/8'],
    ['plain-convnet', 6, 64, 28, 1, '5/5 4/4 5/5 2/2 5/5 5/5 5/5'],
    // 24 channels fill no whole blocks.
    ['resnet', 8, 24, 14, 3, '4/9 4/8 6/9 0/0 3/7 4/9 4/9'],
  ])('%s of depth %i, width %i, %i pixels', (architecture, depth, width, side, channels, shares) => {
    const { fixed } = stepOf(architecture, depth, width, side, channels);
    const plan = planLowering(fixed, 16);
    const all = (opType: string) => fixed.nodes.filter((node) => node.opType === opType).length;
    expect(OPERATORS.map((opType) => `${plan.count(opType)}/${all(opType)}`).join(' ')).toBe(shares);
  });

  it('weight gradients over a batch that fills no whole blocks are written with standard operators', () => {
    const { fixed } = stepOf('mnist-convnet', 4, 16, 28, 1, 12);
    expect(planLowering(fixed, 16).count('ConvWeightGradient')).toBe(0);
    expect(lower(fixed, 16)?.nodes.filter(({ domain }) => domain === GRADIENT_DOMAIN)).toEqual([]);
  });
});

// ONNX Runtime has them for every x86 processor; on others the tests below are skipped where there are none.
it.runIf(process.arch === 'x64')('the blocked kernels of this processor are there', () => {
  expect([8, 16]).toContain(block);
});

describe.skipIf(block === undefined)('the blocked layout', () => {
  it.each([
    ['mnist-convnet', 4, 16, 28, 1],
    ['resnet', 8, 16, 16, 3],
    ['preact-resnet', 8, 32, 15, 3],
    ['whitened-convnet', 8, 16, 32, 3],
    ['resnet9', 9, 16, 16, 3],
    // 7 rows: the last falls out of every pool; 28 rows are cut into parts for the weight gradient.
    ['plain-convnet', 6, 16, 14, 1],
    ['plain-convnet', 6, 64, 28, 1],
    // 24 and 12 channels fill no whole blocks of 16, and only some of 8: a graph of both layouts.
    ['resnet', 8, 24, 14, 3],
  ])(
    'gives what the plain graph gives: %s of depth %i, width %i, %i pixels',
    async (architecture, depth, width, side, channels) => {
      const { fixed, feeds } = stepOf(architecture, depth, width, side, channels);
      const lowered = lower(fixed, block as number);
      expect(lowered?.nodes.some((node) => node.domain !== '')).toBe(true);
      await expectSame(fixed, lowered as Graph, feeds);
    },
  );

  it('copies the gradient of a first max-pool once, to where the weights need it; sums it for the bias before', () => {
    const { fixed } = stepOf('mnist-convnet', 4, 16, 28, 1);
    const { nodes } = lower(fixed, block as number) as Graph;
    // The first convolution: filter and image of its weight gradient. The second, moreover: the sums in the order of
    // the weights, the pool's gradient woven for the input gradient, and that one's weights.
    expect(nodes.filter(({ opType }) => opType === 'Gather')).toHaveLength(2 + 2 + 3);
    const averaged = nodes.filter(({ opType }) => opType === 'GlobalAveragePool').flatMap(({ inputs }) => inputs);
    const producers = averaged.map((name) => nodes.find(({ outputs }) => outputs.includes(name))?.opType);
    expect(producers).toEqual(['Mul', 'Mul']);
  });

  it('gives a maximum that a window holds several times to the first, as the plain graph does', async () => {
    const { fixed, feeds } = stepOf('mnist-convnet', 4, 16, 28, 1);
    // On a background of one colour all values of a window are equal, and with these biases positive.
    const { data } = feeds.input;
    for (let i = 0; i < data.length; i++) if (i % 28 < 16) (data as Float32Array)[i] = 0.25;
    for (const name of ['conv1.bias', 'conv2.bias'])
      feeds[name] = new Tensor('float32', new Float32Array(feeds[name].data.length).fill(0.5), feeds[name].dims);
    await expectSame(fixed, lower(fixed, block as number) as Graph, feeds);
  });

  it.each([
    ['mnist-convnet', 4, 16, 28, 1],
    ['resnet', 8, 16, 16, 3],
    ['preact-resnet', 8, 16, 16, 3],
    ['plain-convnet', 6, 16, 28, 1],
  ])(
    'takes stored statistics into the convolutions: %s of depth %i, width %i, %i pixels',
    async (architecture, depth, width, side, channels) => {
      const { network, feeds } = stepOf(architecture, depth, width, side, channels);
      const b = new GraphBuilder('frozen');
      const { logits } = network.forward(b, { kind: 'frozen' });
      b.outputAs('logits', logits, 'float32', ['batch', 10]);
      b.outputAs('loss', totalCrossEntropy(b, logits, b.input('targets', 'float32', ['batch', 10])), 'float32', []);
      const graph = withBatch(differentiateByMeaning(b.build(), { output: 'loss', by: ['input'] }).graph, ROWS);
      const statistics = Float32Array.from({ length: network.statistics.total }, (_, i) => 0.5 + (i % 7) / 7);
      await expectSame(graph, lower(graph, block as number) as Graph, {
        ...feeds,
        ...layoutFeeds(network.statistics, statistics),
      });
    },
  );

  it('is refused where its numbers differ, in words', async () => {
    const { fixed, feeds } = stepOf('mnist-convnet', 4, 16, 28, 1);
    // A runtime whose second session, the blocked graph, answers with other numbers.
    let sessions = 0;
    const faulty: Runtime = {
      ...nodeRuntime,
      async createSession(model, options) {
        const session = await nodeRuntime.createSession(model, options);
        if (++sessions !== 2) return session;
        return {
          ...session,
          run: async (inputs, fetches) => {
            const results = await session.run(inputs, fetches);
            for (const { data } of Object.values(results))
              (data as Float32Array).forEach((v, i, all) => (all[i] = 1.5 * v));
            return results;
          },
        };
      },
    };
    expect(await openLowered(fixed, feeds, faulty, 1)).toMatchObject({
      refusal: expect.stringMatching(/off by 50\.0 %/),
    });
    expect(await openLowered(fixed, feeds, nodeRuntime, 1)).toHaveProperty('session');
  });

  it('is refused where no layer fills a block', async () => {
    const { fixed, feeds } = stepOf('resnet', 8, 1, 8);
    expect(await openLowered(fixed, feeds, nodeRuntime, 1)).toMatchObject({
      refusal: expect.stringMatching(/no layer has channels/),
    });
  });
});
