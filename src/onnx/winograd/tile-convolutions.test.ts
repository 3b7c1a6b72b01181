import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, runOnnx, sharedModel, wave } from '../../testing/onnx.ts';
import { GraphBuilder, type AttributeInput } from '../builder.ts';
import type { Dimension, Graph } from '../graph.ts';
import { readModel } from '../read.ts';
import { tileConvolutions } from './tile-convolutions.ts';

const CHANNELS = 192;
const BATCH = 64;

interface Net {
  readonly size?: readonly Dimension[];
  readonly attributes?: Record<string, AttributeInput>;
  readonly channels?: number;
  readonly group?: number;
}

/** x → convolution by 3×3 → what `rest` adds. */
function net(
  rest: (
    b: GraphBuilder,
    y: string,
    conv: (x: string, bias?: boolean) => string,
    x: string,
  ) => string | readonly string[],
  { size = [8, 8], attributes = { pads: [1, 1, 1, 1] }, channels = CHANNELS, group = 1 }: Net = {},
): Graph {
  const b = new GraphBuilder('net');
  let phase = 0;
  const conv = (x: string, bias = true): string => {
    const { dims, data } = wave([channels, channels / group, 3, 3], ++phase);
    const weights = b.initializer('w', {
      type: 'float32',
      dims,
      data: (data as Float32Array).map((value) => value / Math.sqrt(4.5 * channels)),
    });
    return b.op('Conv', bias ? [x, weights, b.initializer('bias', wave([channels], phase))] : [x, weights], {
      ...attributes,
      group,
    });
  };
  const x = b.input('x', 'float32', ['n', channels, ...size]);
  for (const output of [rest(b, conv(x), conv, x)].flat()) b.output(output, 'float32');
  return b.build();
}

function count(graph: Graph, opType: string): number {
  return graph.nodes.filter((node) => node.opType === opType).length;
}

async function expectSame(graph: Graph, size: readonly number[] = [8, 8], batch = 3): Promise<Graph> {
  const tiled = tileConvolutions(graph, BATCH);
  expect(tiled).toBeDefined();
  const feeds = { x: wave([batch, CHANNELS, ...size]) };
  const [given, expected] = [await runOnnx(modelOf(tiled!), feeds), await runOnnx(modelOf(graph), feeds)];
  expect(Object.keys(given)).toEqual(Object.keys(expected));
  for (const [name, { dims, values }] of Object.entries(expected)) {
    expect(given[name].dims).toEqual(dims);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - given[name].values[i])), 0);
    expect(worst).toBeLessThan(1e-5);
    expect(Math.max(...values)).toBeGreaterThan(0.1);
  }
  return tiled!;
}

const RELU = (b: GraphBuilder, y: string) => b.op('Relu', [y]);

describe('tileConvolutions gives the same values up to rounding', () => {
  test.each<[string, Net]>([
    ['padded', {}],
    ['not padded', { attributes: {}, size: [10, 10] }],
    ['padded by itself', { attributes: { auto_pad: 'SAME_UPPER' } }],
    ['told not to be padded', { attributes: { auto_pad: 'VALID' }, size: [10, 9] }],
    ['padded on one side, not square', { attributes: { pads: [0, 2, 1, 0] }, size: [7, 8] }],
  ])('%s', async (_, options) => {
    const tiled = await expectSame(net(RELU, options), options.size as number[] | undefined);
    expect(count(tiled, 'Conv')).toBe(0);
  });

  test('for one image and for many', async () => {
    for (const batch of [1, 5]) await expectSame(net(RELU), undefined, batch);
  });

  test('stays in its layout through activations, sums and pools to the next one', async () => {
    const tiled = await expectSame(
      net((b, y, conv, x) => {
        const sum = b.op('Relu', [b.op('Add', [conv(b.op('Clip', [y, b.constant(0), b.constant(6)])), x])]);
        const pooled = b.op('MaxPool', [sum], { kernel_shape: [2, 2], strides: [2, 2] });
        return b.op('Flatten', [b.op('GlobalAveragePool', [b.op('Sigmoid', [conv(pooled, false)])])]);
      }),
    );
    expect(count(tiled, 'Conv')).toBe(0);
    expect(count(tiled, 'Transpose')).toBe(1);
    expect(count(tiled, 'MaxPool') + count(tiled, 'GlobalAveragePool')).toBe(0);
  });

  test('leaves its layout for other operators, and for outputs', async () => {
    const tiled = await expectSame(
      net((b, y) => {
        const relu = b.op('Relu', [y]);
        return [
          relu,
          b.op('MaxPool', [relu], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
          b.op('Concat', [y, relu], { axis: 1 }),
        ];
      }),
    );
    expect(count(tiled, 'MaxPool')).toBe(1);
  });

  test('a pool of a side that it does not divide', async () => {
    const pool = (b: GraphBuilder, y: string) => b.op('MaxPool', [y], { kernel_shape: [2, 2], strides: [2, 2] });
    expect(count(await expectSame(net(pool, { size: [7, 8] }), [7, 8]), 'MaxPool')).toBe(0);
    const beyond = (b: GraphBuilder, y: string) =>
      b.op('MaxPool', [y], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 });
    expect(count(await expectSame(net(beyond, { size: [7, 8] }), [7, 8]), 'MaxPool')).toBe(1);
  });

  test('norms that do not learn, and products and differences', async () => {
    const constants = (b: GraphBuilder) =>
      [1, 2, 3, 4].map((phase) => {
        const { dims, data } = wave([CHANNELS], phase);
        return b.initializer('n', { type: 'float32', dims, data: (data as Float32Array).map((value) => value + 1.5) });
      });
    const tiled = await expectSame(
      net((b, y, conv, x) => {
        const norm = b.op('Relu', [b.op('BatchNormalization', [y, ...constants(b)], { epsilon: 0.01 })]);
        return b.op('Sub', [b.op('Mul', [norm, b.op('Sigmoid', [norm])]), b.op('Sum', [conv(norm), x])]);
      }),
    );
    expect(count(tiled, 'BatchNormalization') + count(tiled, 'Conv')).toBe(0);
    expect(count(tiled, 'Transpose')).toBe(2);
    // The graph has no values of its own for a norm that is fed.
    const fed = net((b, y) =>
      b.op('BatchNormalization', [
        y,
        ...['scale', 'shift', 'mean', 'variance'].map((name) => b.input(name, 'float32', [CHANNELS])),
      ]),
    );
    expect(count(tileConvolutions(fed, BATCH)!, 'BatchNormalization')).toBe(1);
  });

  test('weights kept in float16', async () => {
    const b = new GraphBuilder('half');
    const x = b.input('x', 'float32', ['n', CHANNELS, 8, 8]);
    const data = Uint16Array.from({ length: 9 * CHANNELS ** 2 }, (_, i) => (i % 2 === 0 ? 0x3000 : 0xb000) + (i % 512));
    const weights = b.op('Cast', [b.initializer('w', { type: 'float16', dims: [CHANNELS, CHANNELS, 3, 3], data })], {
      to: 1,
    });
    b.output(b.op('Conv', [x, weights], { pads: [1, 1, 1, 1] }), 'float32');
    expect(count(await expectSame(b.build()), 'Cast')).toBe(0);
  });
});

describe('tileConvolutions leaves alone', () => {
  test.each<[string, Net]>([
    ['narrow ones', { channels: 32 }],
    ['steps of two', { channels: 512, attributes: { pads: [1, 1, 1, 1], strides: [2, 2] } }],
    ['dilated ones', { attributes: { pads: [2, 2, 2, 2], dilations: [2, 2] } }],
    ['groups', { channels: 512, group: 2 }],
    ['sizes that are not known', { size: ['h', 'w'] }],
  ])('%s', (_, options) => {
    expect(tileConvolutions(net(RELU, options), BATCH)).toBeUndefined();
  });

  test('what runs for a few images only, since its weights are copied for each run', () => {
    expect(tileConvolutions(net(RELU), 2)).toBeUndefined();
  });

  test('those for whose weights there is no memory left', () => {
    const three = net((_, y, conv) => conv(conv(y)));
    const bytes = 4 * 36 * CHANNELS ** 2;
    expect([2.5, 1, 0.5].map((times) => count(tileConvolutions(three, BATCH, times * bytes) ?? three, 'Conv'))).toEqual(
      [1, 2, 3],
    );
  });

  test.each([
    [28, 64],
    [56, 4],
    [112, 4],
  ])(
    '128 channels of %i pixels, in batches of %i, whose transformations take longer than what is saved',
    (size, batch) => {
      expect(tileConvolutions(net(RELU, { channels: 128, size: [size, size] }), batch)).toBeUndefined();
    },
  );

  test.skipIf(!hasSharedModels)('a ResNet-20, whose channels are few', () => {
    expect(tileConvolutions(readModel(sharedModel('cifar10_resnet20')).graph, BATCH)).toBeUndefined();
  });
});
