import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, runOnnx, sharedModel, SHARED_MODELS, wave } from '../testing/onnx.ts';
import { float, floats, GraphBuilder } from './builder.ts';
import { inferShapes } from './infer.ts';
import { WORKING_OPSET, type Dimension, type ElementType, type Model, type TensorValue } from './graph.ts';
import { readModel } from './read.ts';
import { tensorFrom } from './tensor.ts';
import { toWorkingOpset } from './upgrade.ts';

type Build = (b: GraphBuilder, x: string) => string | string[];

function model(opset: number, shape: Dimension[], build: Build, type: ElementType = 'float32'): Model {
  const b = new GraphBuilder('case');
  const outputs = [build(b, b.input('x', type, shape))].flat();
  const infos = inferShapes(b.build());
  for (const name of outputs) b.output(name, infos.get(name)?.type ?? 'float32');
  return modelOf(b.build(), opset);
}

/** Both models give the same numbers, up to the rounding of another order of summation. */
async function checkSame(
  original: Model | Uint8Array,
  upgraded: Model,
  feeds: Record<string, TensorValue>,
): Promise<void> {
  const [expected, got] = [await runOnnx(original, feeds), await runOnnx(upgraded, feeds)];
  expect(Object.keys(got)).toEqual(Object.keys(expected));
  for (const [name, { dims, values }] of Object.entries(expected)) {
    expect(got[name].dims).toEqual(dims);
    const worst = Math.max(...values.map((value, i) => Math.abs(value - got[name].values[i]) / (1 + Math.abs(value))));
    expect(worst, name).toBeLessThan(1e-6);
  }
}

const four = (phase: number) => wave([4], phase);

/** Every rule, in the newest opset that still has the old form and in older ones that differ. */
const CASES: [name: string, opsets: number[], shape: number[], build: Build][] = [
  [
    'Clip',
    [7, 10],
    [2, 5],
    (b, x) => [
      b.op('Clip', [x], { min: float(-0.5), max: float(0.25) }),
      b.op('Clip', [x], { max: float(0) }),
      b.op('Clip', [x]),
    ],
  ],
  [
    'Slice',
    [7, 9],
    [4, 6],
    (b, x) => [
      b.op('Slice', [x], { starts: [1, -4], ends: [3, 1000], axes: [0, 1] }),
      b.op('Slice', [x], { starts: [2], ends: [-1] }),
    ],
  ],
  [
    'Pad',
    [7, 10],
    [1, 2, 3, 4],
    (b, x) => [
      b.op('Pad', [x], { pads: [0, 0, 1, 0, 0, 0, 2, 1], value: float(0.5) }),
      b.op('Pad', [x], { pads: [0, 0, 1, 1, 0, 0, 1, 1], mode: 'reflect' }),
    ],
  ],
  [
    'Squeeze, Unsqueeze',
    [7, 11, 12],
    [1, 2, 1],
    (b, x) => [b.op('Squeeze', [x], { axes: [2] }), b.op('Squeeze', [x]), b.op('Unsqueeze', [x], { axes: [0, 2] })],
  ],
  [
    'reductions',
    [7, 12, 17],
    [2, 3, 4],
    (b, x) =>
      ['Sum', 'Mean', 'Max', 'Min', 'L1', 'L2', 'SumSquare', 'Prod', 'LogSumExp'].flatMap((name) =>
        name === 'Sum'
          ? []
          : [
              b.op(`Reduce${name}`, [x], { axes: [1, 2] }),
              b.op(`Reduce${name}`, [x], { axes: [0], keepdims: 0 }),
              b.op(`Reduce${name}`, [x]),
            ],
      ),
  ],
  [
    'ReduceSum',
    [7, 12],
    [2, 3, 4],
    (b, x) => [b.op('ReduceSum', [x], { axes: [1], keepdims: 0 }), b.op('ReduceSum', [x], { keepdims: 0 })],
  ],
  [
    'Split',
    [7, 12],
    [2, 6],
    (b, x) => [...b.ops('Split', [x], 2, { axis: 1 }), ...b.ops('Split', [x], 2, { axis: 1, split: [2, 4] })],
  ],
  [
    'Split, sizes as input',
    [13, 17],
    [2, 6],
    (b, x) => [...b.ops('Split', [x], 3, { axis: 1 }), ...b.ops('Split', [x, b.ints([5, 1])], 2, { axis: 1 })],
  ],
  ['TopK', [7, 9], [2, 6], (b, x) => b.ops('TopK', [x], 2, { k: 3, axis: 1 })],
  ['Dropout', [7, 10, 11], [2, 6], (b, x) => b.op('Dropout', [x], { ratio: float(0.5) })],
  [
    'Softmax, LogSoftmax over several axes',
    [7, 11, 12],
    [2, 3, 4],
    (b, x) => [
      b.op('Softmax', [x]),
      b.op('LogSoftmax', [x], { axis: 1 }),
      b.op('Softmax', [x], { axis: 0 }),
      b.op('Softmax', [x], { axis: 2 }),
      b.op('Hardmax', [x]),
    ],
  ],
  ['Softmax with ones behind', [12], [2, 3, 1, 1], (b, x) => [b.op('Softmax', [x]), b.op('LogSoftmax', [x])]],
  [
    'Upsample by attribute',
    [7, 8],
    [1, 2, 3, 4],
    (b, x) => [
      b.op('Upsample', [x], { scales: floats([1, 1, 2, 3]), mode: 'nearest' }),
      b.op('Upsample', [x], { scales: floats([1, 1, 2, 2]), mode: 'linear' }),
    ],
  ],
  [
    'Upsample by input',
    [9],
    [1, 2, 3, 4],
    (b, x) => [
      b.op('Upsample', [x, b.constant([1, 1, 2.5, 1])]),
      b.op('Upsample', [x, b.constant([1, 1, 2, 1.5])], { mode: 'linear' }),
    ],
  ],
  [
    'Resize of opset 10',
    [10],
    [1, 2, 6, 7],
    (b, x) =>
      [
        [1, 1, 2, 1.5],
        [1, 1, 0.5, 2],
        [1, 1, 0.7, 0.6],
      ].flatMap((scales) => [
        b.op('Resize', [x, b.constant(scales)], { mode: 'nearest' }),
        b.op('Resize', [x, b.constant(scales)], { mode: 'linear' }),
      ]),
  ],
  [
    'Resize with empty tensors',
    [11, 13, 17],
    [1, 2, 3, 4],
    (b, x) => [
      b.op('Resize', [x, b.constant([]), b.constant([1, 1, 2, 2])], {
        mode: 'linear',
        coordinate_transformation_mode: 'align_corners',
      }),
      b.op('Resize', [x, b.constant([]), b.constant([]), b.ints([1, 2, 5, 6])], { mode: 'nearest' }),
    ],
  ],
  [
    'BatchNormalization',
    [7, 9, 13],
    [2, 4, 3],
    (b, x) =>
      b.op(
        'BatchNormalization',
        [
          x,
          b.initializer('s', four(1)),
          b.initializer('b', four(2)),
          b.initializer('m', four(3)),
          b.initializer('v', tensorFrom('float32', [1, 2, 3, 4])),
        ],
        { epsilon: float(0.01), momentum: float(0.5) },
      ),
  ],
  [
    'Constant in every form',
    [12, 13],
    [2],
    (b, x) => [
      b.op('Mul', [x, b.op('Constant', [], { value_float: float(2) })]),
      b.op('Add', [x, b.op('Constant', [], { value_floats: floats([1, 2]) })]),
      b.op('Gather', [x, b.op('Constant', [], { value_int: 1 })]),
      b.op('Gather', [x, b.op('Constant', [], { value_ints: [1, 0] })]),
      b.op('Div', [x, b.op('Constant', [], { value: tensorFrom('float32', [4], []) })]),
    ],
  ],
  [
    'Scatter',
    [9, 10],
    [1, 4],
    (b, x) => b.op('Scatter', [x, b.ints([1, 3], [1, 2]), b.constant([7, 8], [1, 2])], { axis: 1 }),
  ],
  [
    'GridSample',
    [16],
    [1, 2, 4, 4],
    (b, x) => [
      b.op('GridSample', [x, b.initializer('grid', wave([1, 3, 3, 2]))]),
      b.op('GridSample', [x, b.initializer('grid', wave([1, 3, 3, 2]))], { mode: 'bicubic' }),
    ],
  ],
  [
    'RoiAlign',
    [10],
    [1, 2, 6, 6],
    (b, x) =>
      b.op('RoiAlign', [x, b.constant([0, 0, 5, 4], [1, 4]), b.ints([0])], {
        output_height: 2,
        output_width: 2,
        sampling_ratio: 2,
      }),
  ],
  [
    'GroupNormalization with scales of channels',
    [21, 22],
    [2, 4, 3],
    (b, x) =>
      b.op('GroupNormalization', [x, b.initializer('s', four(1)), b.initializer('b', four(2))], {
        num_groups: 2,
        epsilon: float(0.001),
      }),
  ],
  [
    'GroupNormalization with scales of groups',
    [18],
    [2, 4, 3],
    (b, x) =>
      b.op('GroupNormalization', [x, b.initializer('s', wave([2])), b.initializer('b', wave([2]))], { num_groups: 2 }),
  ],
  [
    'convolution and pooling',
    [7, 10, 13, 22],
    [1, 2, 7, 7],
    (b, x) => {
      const y = b.op('Conv', [x, b.initializer('w', wave([4, 2, 3, 3]))], { auto_pad: 'SAME_LOWER', strides: [2, 2] });
      return [
        b.op('MaxPool', [y], { kernel_shape: [2, 2] }),
        b.op('AveragePool', [y], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
        b.op('LpPool', [y], { kernel_shape: [2, 2] }),
        b.op('ConvTranspose', [y, b.initializer('v', wave([4, 2, 2, 2]))], { strides: [2, 2] }),
        b.op('GlobalMaxPool', [y]),
        b.op('InstanceNormalization', [y, b.initializer('s', four(1)), b.initializer('b', four(2))]),
        b.op('LRN', [y], { size: 3 }),
      ];
    },
  ],
  [
    'pooling that rounds up',
    [10, 13, 22],
    [1, 2, 7, 7],
    (b, x) => [
      b.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
      b.op('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
    ],
  ],
  [
    'what newer opsets took over',
    [21, 22, 23],
    [2, 6],
    (b, x) => {
      const y = b.op('Transpose', [b.op('Reshape', [x, b.ints([2, 3, -1])])]);
      return [
        b.op('Squeeze', [b.op('Unsqueeze', [y, b.ints([0])]), b.ints([0])]),
        b.op('Flatten', [y]),
        b.op('Cast', [y], { to: 11 }),
        b.op('Shape', [y]),
        b.op('Pad', [x, b.ints([0, 1, 0, 1])]),
        b.op('Elu', [x]),
        b.op('HardSwish', [x]),
        b.op('Softplus', [x]),
        b.op('Dropout', [x]),
        b.op('Identity', [x]),
        b.op('Erf', [x]),
        b.op('ReduceMean', [x, b.ints([1])]),
      ];
    },
  ],
];

describe('upgraded nodes compute what the old ones did', () => {
  const rows = CASES.flatMap(([name, opsets, shape, build]) =>
    opsets.map((opset) => [name, opset, shape, build] as const),
  );
  test.each(rows)('%s, opset %i', async (_, opset, shape, build) => {
    // The same graph with a batch that is not known beforehand must do too.
    for (const declared of [shape, ['N', ...shape.slice(1)]]) {
      const original = model(opset, declared, build);
      const upgraded = toWorkingOpset(original);
      expect(upgraded.opsets.get('')).toBe(WORKING_OPSET);
      await checkSame(original, upgraded, { x: wave(shape) });
    }
  });

  test('float64 and float16 bounds', async () => {
    const double = toWorkingOpset(model(10, [3], (b, x) => b.op('Clip', [x], { min: float(-0.5) }), 'float64'));
    expect(await runOnnx(double, { x: tensorFrom('float64', [-1, 0, 1]) })).toMatchObject({
      [double.graph.outputs[0].name]: { values: [-0.5, 0, 1] },
    });
    const half = toWorkingOpset(model(10, [3], (b, x) => b.op('Clip', [x], { min: float(-0.5) }), 'float16'));
    expect(
      await runOnnx(half, { x: { type: 'float16', dims: [3], data: Uint16Array.of(0xbc00, 0, 0x3c00) } }),
    ).toMatchObject({ [half.graph.outputs[0].name]: { values: [-0.5, 0, 1] } });
  });

  test('inner graphs', async () => {
    const branch = (value: number) => {
      const b = new GraphBuilder('branch');
      b.outputAs(`y${value}`, b.op('Clip', ['x'], { max: float(value) }), 'float32', [3]);
      return { kind: 'graph' as const, value: b.build() };
    };
    const original = model(10, [3], (b, x) =>
      b.op('If', [b.op('Greater', [b.op('ReduceSum', [x], { keepdims: 0 }), b.constant(0)])], {
        then_branch: branch(0.5),
        else_branch: branch(-0.5),
      }),
    );
    const upgraded = toWorkingOpset(original);
    for (const sign of [1, -1])
      await checkSame(original, upgraded, { x: tensorFrom('float32', [0.1 * sign, 0.9 * sign, -0.2]) });
  });
});

describe('what cannot be upgraded is named', () => {
  const refusals: [string, number, Build, RegExp][] = [
    [
      'statistics for every pixel',
      7,
      (b, x) => {
        b.node('BatchNormalization', [x, x, x, x, x], ['y'], { spatial: 0 });
        return 'y';
      },
      /node 'BatchNormalization_node' \(BatchNormalization\).*opset 7 to 20.*spatial/,
    ],
    ['old training mode', 9, (b, x) => b.ops('BatchNormalization', [x, x, x, x, x], 5)[0], /five outputs/],
    ['an operator that no opset has', 12, (b, x) => b.op('ImageScaler', [x]), /\(ImageScaler\).*no rule is known/],
    ['an operator of the future', 26, (b, x) => b.op('CumProd', [x, b.ints(0)]), /CumProd/],
    [
      'attention with a cache',
      23,
      (b, x) => {
        b.node('Attention', [x, x, x, '', x, x], ['y'], { q_num_heads: 1, kv_num_heads: 1 });
        return 'y';
      },
      /\(Attention\).*past_key is not covered/,
    ],
    ['the mask of Dropout', 9, (b, x) => b.ops('Dropout', [x], 2), /mask/],
    [
      'a coordinate mode that went',
      11,
      (b, x) =>
        b.op('Resize', [x, b.constant([]), b.constant([1, 1])], {
          coordinate_transformation_mode: 'tf_half_pixel_for_nn',
        }),
      /tf_half_pixel_for_nn/,
    ],
    ['blocked quantisation', 21, (b, x) => b.op('DequantizeLinear', [x, x], { block_size: 2 }), /block_size/],
  ];
  test.each(refusals)('%s', (_, opset, build, message) => {
    expect(() => toWorkingOpset(model(opset, [2, 2], build))).toThrow(message);
  });

  test.each([6, 27])('opset %i', (opset) => {
    expect(() => toWorkingOpset(model(opset, [2], (b, x) => b.op('Relu', [x])))).toThrow(
      `it is written in ONNX opset ${opset}; opsets 7 to 26`,
    );
  });
});

describe.skipIf(!hasSharedModels)('whole models', () => {
  test.each(SHARED_MODELS)('%s', async (name) => {
    const bytes = sharedModel(name);
    const original = readModel(bytes);
    const [input] = original.graph.inputs;
    await checkSame(bytes, toWorkingOpset(original), {
      [input.name]: wave(input.shape!.map((dim) => (typeof dim === 'number' ? dim : 1))),
    });
  });
});
