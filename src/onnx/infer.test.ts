import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, runOnnx, sharedModel, SHARED_MODELS, wave } from '../testing/onnx.ts';
import { float, floats, GraphBuilder } from './builder.ts';
import { inferAll, inferShapes } from './infer.ts';
import type { Dimension, Graph, TensorValue, ValueInfo } from './graph.ts';
import { add, floorDivide, missingFactor, multiply } from './inference/dimension.ts';
import { readModel } from './read.ts';
import { tensorFrom } from './tensor.ts';

/** Builds a few nodes on inputs of these shapes; returns the values to look at. */
type Build = (b: GraphBuilder, inputs: string[]) => string | string[];
type Case = [name: string, shapes: Dimension[][], build: Build, opset?: number];

function graphOf(shapes: readonly Dimension[][], build: Build): Graph {
  const b = new GraphBuilder('case');
  const outputs = [
    build(
      b,
      shapes.map((shape, i) => b.input(`x${i}`, 'float32', shape)),
    ),
  ].flat();
  // The declared type does not matter: writing needs one, and what is inferred goes before it.
  const infos = inferShapes({ ...b.build(), outputs: [] });
  for (const name of outputs) b.output(name, infos.get(name)?.type ?? 'float32');
  return b.build();
}

const SIZES: Record<string, number> = { N: 3, H: 9, W: 7 };

function sizeOf(dimension: Dimension): number {
  if (typeof dimension !== 'string') return dimension ?? 0;
  const formula = dimension.replaceAll('floor', 'Math.floor').replace(/\b[NHW]\b/g, (symbol) => String(SIZES[symbol]));
  return Number(new Function(`return ${formula}`)());
}

/** Compares what was inferred with what ONNX Runtime computes; every dimension must have been told. */
async function check(graph: Graph, opset = 20): Promise<void> {
  const feeds: Record<string, TensorValue> = {};
  for (const [i, { name, shape }] of graph.inputs.entries()) feeds[name] = wave(shape!.map(sizeOf), i);
  const infos = inferShapes(graph);
  const results = await runOnnx(modelOf(graph, opset), feeds);
  for (const { name } of graph.outputs)
    expect(infos.get(name)?.shape?.map(sizeOf), JSON.stringify(infos.get(name))).toEqual(results[name].dims);
}

const image: Dimension[] = ['N', 4, 'H', 'W'];
const ones = (dims: number[]) => tensorFrom('float32', new Float32Array(dims.reduce((p, d) => p * d, 1)).fill(1), dims);

const CASES: Case[] = [
  [
    'Conv, strides, pads, dilations, groups',
    [image],
    (b, [x]) =>
      b.op('Conv', [x, b.initializer('w', ones([6, 2, 3, 2]))], {
        strides: [2, 1],
        pads: [1, 0, 2, 1],
        dilations: [1, 2],
        group: 2,
      }),
  ],
  [
    'Conv, SAME_UPPER',
    [image],
    (b, [x]) => b.op('Conv', [x, b.initializer('w', ones([6, 4, 3, 3]))], { strides: [2, 2], auto_pad: 'SAME_UPPER' }),
  ],
  ['Conv, 1-D', [['N', 4, 'W']], (b, [x]) => b.op('Conv', [x, b.initializer('w', ones([6, 4, 3]))], { strides: [3] })],
  [
    'ConvTranspose',
    [image],
    (b, [x]) =>
      b.op('ConvTranspose', [x, b.initializer('w', ones([4, 3, 3, 2]))], {
        strides: [2, 3],
        pads: [1, 0, 0, 1],
        output_padding: [1, 0],
        dilations: [1, 2],
        group: 2,
      }),
  ],
  [
    'MaxPool, ceil mode',
    [image],
    (b, [x]) => b.ops('MaxPool', [x], 2, { kernel_shape: [2, 3], strides: [2, 2], ceil_mode: 1 }),
  ],
  [
    'MaxPool, ceil mode, last window beyond the end',
    [[1, 4, 4, 4]],
    (b, [x]) => b.op('MaxPool', [x], { kernel_shape: [1, 1], strides: [2, 3], pads: [0, 0, 0, 0], ceil_mode: 1 }),
  ],
  [
    'AveragePool',
    [image],
    (b, [x]) => b.op('AveragePool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  ],
  [
    'MaxUnpool',
    [[1, 1, 4, 6]],
    (b, [x]) => {
      const [y, i] = b.ops('MaxPool', [x], 2, { kernel_shape: [2, 2], strides: [2, 2] });
      return b.op('MaxUnpool', [y, i], { kernel_shape: [2, 2], strides: [2, 2] });
    },
  ],
  [
    'GlobalAveragePool, Flatten, Gemm',
    [image],
    (b, [x]) =>
      b.op('Gemm', [b.op('Flatten', [b.op('GlobalAveragePool', [x])]), b.initializer('w', ones([10, 4]))], {
        transB: 1,
      }),
  ],
  [
    'MatMul, batched and broadcast',
    [
      ['N', 5, 2, 3],
      [5, 3, 4],
    ],
    (b, [x, y]) => b.op('MatMul', [x, y]),
  ],
  ['MatMul by a vector', [['N', 5, 3], [3]], (b, [x, y]) => b.op('MatMul', [x, y])],
  [
    'Einsum',
    [
      ['N', 5, 3],
      ['N', 4, 3],
    ],
    (b, [x, y]) => b.op('Einsum', [x, y], { equation: 'bij, bkj -> bik' }),
  ],
  [
    'Add with broadcasting',
    [
      ['N', 1, 4],
      [5, 1],
    ],
    (b, [x, y]) => b.op('Add', [x, y]),
  ],
  ['Where, Less', [['N', 4], [4]], (b, [x, y]) => b.op('Where', [b.op('Less', [x, y]), x, y])],
  ['Resize by scales', [image], (b, [x]) => b.op('Resize', [x, '', b.constant([1, 1, 2, 0.5])], { mode: 'nearest' })],
  [
    'Resize to sizes along axes',
    [image],
    (b, [x]) => b.op('Resize', [x, '', '', b.ints([5, 6])], { mode: 'linear', axes: [2, 3] }),
  ],
  ['Upsample', [image], (b, [x]) => b.op('Upsample', [x, b.constant([1, 1, 2, 3])]), 9],
  [
    'ReduceMean, keepdims',
    [image],
    (b, [x]) => [
      b.op('ReduceMean', [x, b.ints([-1, 2])]),
      b.op('ReduceSum', [x], { keepdims: 0 }),
      b.op('ReduceL2', [x, b.ints([1])], { keepdims: 0 }),
    ],
  ],
  ['ReduceMean, old axes', [image], (b, [x]) => b.op('ReduceMean', [x], { axes: [2, 3], keepdims: 0 }), 11],
  [
    'ArgMax, TopK',
    [['N', 7]],
    (b, [x]) => [b.op('ArgMax', [x], { axis: 1, keepdims: 0 }), ...b.ops('TopK', [x, b.ints([3])], 2)],
  ],
  [
    'BatchNormalization in training mode',
    [image],
    (b, [x]) =>
      b.ops('BatchNormalization', [x, ...['s', 'b', 'm', 'v'].map((name) => b.initializer(name, ones([4])))], 3, {
        training_mode: 1,
      }),
  ],
  [
    'LayerNormalization with statistics',
    [['N', 5, 6]],
    (b, [x]) => b.ops('LayerNormalization', [x, b.initializer('s', ones([6]))], 3),
  ],
  [
    'Reshape with 0 and −1',
    [image],
    (b, [x]) => [b.op('Reshape', [x, b.ints([0, 2, 2, -1])]), b.op('Reshape', [x, b.ints([0, 0, -1])])],
  ],
  [
    'view(x.size(0), −1), as exported',
    [image],
    (b, [x]) => {
      const size = b.op('Gather', [b.op('Shape', [x]), b.ints(0)], { axis: 0 });
      return b.op('Reshape', [x, b.op('Concat', [b.op('Unsqueeze', [size, b.ints([0])]), b.ints([-1])], { axis: 0 })]);
    },
  ],
  [
    'pads computed as torch does',
    [image],
    (b, [x]) => {
      const pads = b.op(
        'Concat',
        [b.ints([1, 2, 3, 4]), b.op('ConstantOfShape', [b.ints([4])], { value: tensorFrom('int64', [0]) })],
        { axis: 0 },
      );
      const pairs = b.op('Slice', [
        b.op('Reshape', [pads, b.ints([-1, 2])]),
        b.ints([-1]),
        b.ints([-(2 ** 63)]),
        b.ints([0]),
        b.ints([-1]),
      ]);
      return b.op('Pad', [
        x,
        b.op('Cast', [b.op('Reshape', [b.op('Transpose', [pairs], { perm: [1, 0] }), b.ints([-1])])], { to: 7 }),
      ]);
    },
  ],
  [
    'twice the size, computed',
    [image],
    (b, [x]) => {
      const shape = b.op('Shape', [x]);
      const spatial = b.op('Slice', [shape, b.ints([2]), b.ints([4])]);
      const sizes = b.op(
        'Concat',
        [b.op('Slice', [shape, b.ints([0]), b.ints([2])]), b.op('Mul', [spatial, b.ints([2])])],
        { axis: 0 },
      );
      return b.op('Resize', [x, '', '', sizes], { mode: 'nearest' });
    },
  ],
  [
    'expand_as, computed',
    [
      ['N', 1],
      ['N', 5],
    ],
    (b, [x, y]) => b.op('Expand', [x, b.op('Shape', [y])]),
  ],
  [
    'Squeeze, Unsqueeze',
    [['N', 1, 4, 1]],
    (b, [x]) => {
      const y = b.op('Squeeze', [x, b.ints([-1, 1])]);
      return [y, b.op('Unsqueeze', [y, b.ints([0, -1])])];
    },
  ],
  [
    'Squeeze, old axes',
    [['N', 1, 4]],
    (b, [x]) => [b.op('Squeeze', [x], { axes: [1] }), b.op('Unsqueeze', [x], { axes: [0, 4] })],
    11,
  ],
  ['Transpose', [image], (b, [x]) => [b.op('Transpose', [x]), b.op('Transpose', [x], { perm: [0, 2, 3, 1] })]],
  [
    'Concat, Split, Slice',
    [image, ['N', 2, 'H', 'W']],
    (b, [x, y]) => {
      const both = b.op('Concat', [x, y], { axis: -3 });
      return [
        both,
        ...b.ops('Split', [both, b.ints([1, 5])], 2, { axis: 1 }),
        ...b.ops('Split', [both], 3, { axis: 1, num_outputs: 3 }),
        b.op('Slice', [x, b.ints([1, -5]), b.ints([2 ** 40, -1]), b.ints([2, 3])]),
        b.op('Slice', [x, b.ints([0, 1]), b.ints([2 ** 40, -1]), b.ints([2, 3]), b.ints([2, 1])]),
      ];
    },
  ],
  ['Split, uneven', [[7, 2]], (b, [x]) => b.ops('Split', [x], 3, { num_outputs: 3 })],
  [
    'Gather, GatherElements, GatherND',
    [['N', 5, 4]],
    (b, [x]) => [
      b.op('Gather', [x, b.ints([0, 1, 2, 3, 0, 1], [2, 3])], { axis: 1 }),
      b.op('Gather', [x, b.ints(1)], { axis: -1 }),
      b.op('GatherND', [x, b.ints([0, 1, 1, 2], [2, 2])]),
    ],
  ],
  [
    'Pad along axes',
    [image],
    (b, [x]) => [
      b.op('Pad', [x, b.ints([1, 2, 0, -1]), '', b.ints([2, -1])]),
      b.op('Pad', [x, b.ints([0, 0, 1, 1, 0, 0, 1, 1])]),
    ],
  ],
  ['Tile', [['N', 4]], (b, [x]) => b.op('Tile', [x, b.ints([2, 3])])],
  [
    'DepthToSpace, SpaceToDepth',
    [[2, 4, 6, 8]],
    (b, [x]) => [b.op('DepthToSpace', [x], { blocksize: 2 }), b.op('SpaceToDepth', [x], { blocksize: 2 })],
  ],
  [
    'AffineGrid, GridSample',
    [['N', 2, 3], image],
    (b, [theta, x]) => b.op('GridSample', [x, b.op('AffineGrid', [theta, b.op('Shape', [x])])]),
  ],
  [
    'Range, OneHot, Size',
    [['N', 4]],
    (b, [x]) => {
      const rows = b.op('Range', [b.ints(0), b.op('Gather', [b.op('Shape', [x]), b.ints(0)]), b.ints(1)]);
      return [rows, b.op('OneHot', [rows, b.ints(5), b.constant([0, 1])]), b.op('Size', [x])];
    },
  ],
  [
    'loss',
    [['N', 4]],
    (b, [x]) => b.ops('SoftmaxCrossEntropyLoss', [x, b.op('ArgMax', [x], { axis: 1, keepdims: 0 })], 2),
  ],
  [
    'elementwise operators',
    [image],
    (b, [x]) =>
      ['Relu', 'Softmax', 'Clip', 'Gelu', 'HardSwish', 'Erf', 'LogSoftmax', 'Identity'].map((operator) =>
        b.op(operator, [x]),
      ),
  ],
  [
    'LRN, InstanceNormalization',
    [image],
    (b, [x]) => [
      b.op('LRN', [x], { size: 3, alpha: float(1) }),
      b.op('InstanceNormalization', [x, b.initializer('s', ones([4])), b.initializer('b', ones([4]))]),
    ],
  ],
  [
    'Constant',
    [['N']],
    (b, [x]) => [
      b.op('Add', [x, b.op('Constant', [], { value_float: float(2) })]),
      b.op('Constant', [], { value_ints: [1, 2, 3] }),
      b.op('Constant', [], { value_floats: floats([1, 2]) }),
    ],
  ],
];

describe('shapes are those that ONNX Runtime computes', () => {
  test.each(CASES)('%s', async (_, shapes, build, opset) => check(graphOf(shapes, build), opset));
});

describe('symbols', () => {
  test('a batch is followed through a net', () => {
    const graph = graphOf([image], (b, [x]) =>
      b.op('Reshape', [
        b.op('Conv', [x, b.initializer('w', ones([6, 4, 3, 3]))], { pads: [1, 1, 1, 1] }),
        b.ints([0, 6, -1]),
      ]),
    );
    const infos = inferShapes(graph);
    expect(infos.get(graph.nodes[0].outputs[0])?.shape).toEqual(['N', 6, 'H', 'W']);
    expect(infos.get(graph.outputs[0].name)?.shape).toEqual(['N', 6, 'H*W']);
  });

  test('two ways to halve an odd size fit together', () => {
    const graph = graphOf([image], (b, [x]) => [
      b.op('Conv', [x, b.initializer('w', ones([6, 4, 3, 3]))], { pads: [1, 1, 1, 1], strides: [2, 2] }),
      b.op('Conv', [x, b.initializer('v', ones([6, 4, 1, 1]))], { strides: [2, 2] }),
    ]);
    const [a, c] = graph.outputs.map(({ name }) => inferShapes(graph).get(name)!.shape);
    expect(a).toEqual(['N', 6, 'floor((H-1)/2)+1', 'floor((W-1)/2)+1']);
    expect(c).toEqual(a);
  });

  test('formulas are ordered, so that equal ones look alike', () => {
    expect(add(add('H', -2), 2)).toBe('H');
    expect(add('W', 'H')).toBe(add('H', 'W'));
    expect(multiply(multiply('N', 4), multiply(3, 'H'))).toBe('12*H*N');
    expect(multiply('H', add('N', 1))).toBe('(N+1)*H');
    expect(multiply(multiply(2, add('N', 1)), 'H')).toBe('2*(N+1)*H');
    expect(floorDivide(add(multiply('H', 2), -1), 2)).toBe('floor((2*H-1)/2)');
    expect(missingFactor(['N', 4, 6], [8, 'N'])).toBe(3);
    expect(missingFactor(['N', 4, 6], [24])).toBe('N');
    expect(missingFactor(['N', 4, 6], [5])).toBe(null);
    expect(missingFactor([null, 4], [4])).toBe(null);
  });

  test('unnamed dimensions of an input get a name, and −1 finds it', () => {
    const graph = graphOf([[null, 3, 8, 8]], (b, [x]) => b.op('Reshape', [x, b.ints([-1, 192])]));
    expect(inferShapes(graph).get(graph.outputs[0].name)?.shape).toEqual(['x0:0', 192]);
  });

  test('what cannot be told is unknown', () => {
    const graph = graphOf([['N', 4]], (b, [x]) => [b.op('NonZero', [x]), b.op('Foreign', [x], {}, 'other.domain')]);
    const infos = inferShapes({ ...graph, outputs: [] });
    expect(infos.get(graph.outputs[0].name)?.shape).toEqual([2, null]);
    expect(infos.has(graph.outputs[1].name)).toBe(false);
  });

  test('the file is asked where no rule tells, and overruled where one does', () => {
    const b = new GraphBuilder('declared');
    const x = b.input('x', 'float32', ['N', 4]);
    b.node('Foreign', [x], ['y'], {}, 'other.domain');
    b.node('Relu', [x], ['z']);
    const graph = b.build();
    const valueInfo = new Map<string, ValueInfo>([
      ['y', { name: 'y', type: 'float32', shape: ['N', 7] }],
      ['z', { name: 'z', type: 'float32', shape: [1, 4] }],
    ]);
    const infos = inferShapes({ ...graph, valueInfo });
    expect(infos.get('y')?.shape).toEqual(['N', 7]);
    expect(infos.get('z')?.shape).toEqual(['N', 4]);
  });

  test('elements of shape tensors', () => {
    const graph = graphOf([image], (b, [x]) => {
      const shape = b.op('Shape', [x]);
      return [
        shape,
        b.op('Sub', [b.op('Gather', [shape, b.ints([2])]), b.ints([2])]),
        b.op('Div', [shape, b.ints([2])]),
        b.op('ReduceProd', [shape]),
      ];
    });
    const { partials } = inferAll(graph);
    expect(graph.outputs.map(({ name }) => partials.get(name)?.elements)).toEqual([
      ['N', 4, 'H', 'W'],
      ['H-2'],
      ['floor(N/2)', 2, 'floor(H/2)', 'floor(W/2)'],
      ['4*H*N*W'],
    ]);
  });
});

describe.skipIf(!hasSharedModels)('whole models', () => {
  test.each(SHARED_MODELS)('%s: every inner value', async (name) => {
    const model = readModel(sharedModel(name));
    const infos = inferShapes(model.graph);
    const outputs = model.graph.nodes.flatMap((node) => node.outputs).map((output) => infos.get(output)!);
    const [input] = model.graph.inputs;
    const dims = input.shape!.map((dim) => (typeof dim === 'number' ? dim : 2));
    const results = await runOnnx({ ...model, graph: { ...model.graph, outputs } }, { [input.name]: wave(dims) });
    for (const info of outputs) {
      expect(
        info.shape!.map((dim) => (typeof dim === 'number' ? dim : 2)),
        info.name,
      ).toEqual(results[info.name].dims);
      expect(info.shape![0], info.name).toBe(input.shape![0]);
    }
  });
});
