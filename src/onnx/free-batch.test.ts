import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, runOnnx, sharedModel, SHARED_MODELS, wave } from '../testing/onnx.ts';
import { floats, GraphBuilder } from './builder.ts';
import { freeBatch } from './free-batch.ts';
import type { Model, TensorValue } from './graph.ts';
import { readModel } from './read.ts';

type Build = (b: GraphBuilder, x: string) => string;

function fixed(batch: number, image: number[], build: Build): Model {
  const b = new GraphBuilder('case');
  const x = b.input('x', 'float32', [batch, ...image]);
  b.outputAs('y', build(b, x), 'float32');
  return modelOf(b.build());
}

/** Three images together in the freed model give what each gives in the original, in batches as large as it takes. */
async function checkFreed(original: Model, batch: number, tolerance = 0): Promise<void> {
  const freed = freeBatch(original)!;
  expect(freed, 'can be freed').toBeDefined();
  const [{ name, shape }] = original.graph.inputs;
  expect(freed.graph.inputs[0].shape).toEqual(['batch', ...shape!.slice(1)]);
  expect(freed.graph.outputs[0].shape![0]).toBe('batch');
  const image = shape!.slice(1) as number[];
  const together = wave([3 * batch, ...image]);
  const data = together.data as Float32Array;
  const [result] = Object.values(await runOnnx(freed, { [name]: together }));
  const size = data.length / 3;
  const single: number[] = [];
  for (let i = 0; i < 3; i++) {
    const part: TensorValue = { type: 'float32', dims: [batch, ...image], data: data.slice(i * size, (i + 1) * size) };
    single.push(...Object.values(await runOnnx(original, { [name]: part }))[0].values);
  }
  expect(result.values.length).toBe(single.length);
  expect(Math.max(...single.map((value, i) => Math.abs(value - result.values[i])))).toBeLessThanOrEqual(tolerance);
}

function attention(b: GraphBuilder, x: string): string {
  const tokens = b.op('Concat', [b.initializer('class', wave([1, 1, 8])), x], { axis: 1 });
  const rows = b.op('Reshape', [tokens, b.ints([5, 8])]);
  const heads = b.op('Reshape', [b.op('MatMul', [rows, b.initializer('w', wave([8, 8]))]), b.ints([1, 5, 2, 4])]);
  const left = b.op('Transpose', [heads], { perm: [0, 2, 1, 3] });
  const weights = b.op('Softmax', [b.op('MatMul', [left, b.op('Transpose', [heads], { perm: [0, 2, 3, 1] })])], {
    axis: -1,
  });
  const mixed = b.op('Transpose', [b.op('MatMul', [weights, left])], { perm: [0, 2, 1, 3] });
  const normalized = b.op(
    'LayerNormalization',
    [b.op('Reshape', [mixed, b.ints([1, 5, 8])]), b.initializer('s', wave([8]))],
    { axis: -1 },
  );
  return b.op('Gather', [normalized, b.ints(0)], { axis: 1 });
}

const FREED: [name: string, batch: number, image: number[], build: Build][] = [
  ['Reshape to [1, −1]', 1, [2, 3, 4], (b, x) => b.op('Reshape', [x, b.ints([1, -1])])],
  ['Reshape to [4, 24]', 4, [2, 3, 4], (b, x) => b.op('Reshape', [x, b.ints([4, 24])])],
  [
    'a computed shape',
    2,
    [2, 6],
    (b, x) =>
      b.op('Reshape', [x, b.op('Concat', [b.op('Shape', [x], { start: 0, end: 1 }), b.ints([3, 4])], { axis: 0 })]),
  ],
  [
    'rows of all images and back',
    1,
    [4, 6],
    (b, x) => b.op('Reshape', [b.op('Softmax', [b.op('Reshape', [x, b.ints([4, 6])])]), b.ints([1, 4, 6])]),
  ],
  ['attention with a class token', 1, [4, 8], attention],
  ['Resize to sizes', 2, [2, 3, 4], (b, x) => b.op('Resize', [x, '', '', b.ints([2, 2, 6, 8])], { mode: 'nearest' })],
  ['Expand', 2, [1, 4], (b, x) => b.op('Expand', [x, b.ints([2, 3, 4])])],
  [
    'Slice, Pad, ReduceMean along other axes',
    1,
    [4, 6],
    (b, x) =>
      b.op(
        'ReduceMean',
        [
          b.op('Pad', [b.op('Slice', [x, b.ints([1]), b.ints([3]), b.ints([1])]), b.ints([0, 0, 1, 0, 0, 1])]),
          b.ints([2]),
        ],
        { keepdims: 0 },
      ),
  ],
];

const REFUSED: [name: string, batch: number, image: number[], build: Build][] = [
  ['Softmax over the images', 2, [4], (b, x) => b.op('Softmax', [x], { axis: 0 })],
  ['a mean over the images, subtracted', 1, [4], (b, x) => b.op('Sub', [x, b.op('ReduceMean', [x, b.ints([0])])])],
  ['a mean over everything', 1, [4], (b, x) => b.op('Sub', [x, b.op('ReduceMean', [x])])],
  [
    'images mixed by Transpose and Reshape',
    2,
    [3, 4],
    (b, x) => b.op('Reshape', [b.op('Transpose', [x], { perm: [1, 0, 2] }), b.ints([2, 12])]),
  ],
  ['pairs of images', 2, [3], (b, x) => b.op('Reshape', [x, b.ints([1, 6])])],
  ['images joined', 1, [3], (b, x) => b.op('Concat', [x, x], { axis: 0 })],
  ['one image taken', 2, [3], (b, x) => b.op('Gather', [x, b.ints(0)])],
  ['weights of each image', 2, [3], (b, x) => b.op('Mul', [x, b.initializer('w', wave([2, 3]))])],
  ['similarities between images', 2, [3], (b, x) => b.op('Gemm', [x, x], { transB: 1 })],
  [
    'statistics of the batch',
    2,
    [3, 4],
    (b, x) =>
      b.ops('BatchNormalization', [x, ...['s', 'b', 'm', 'v'].map((name) => b.initializer(name, wave([3])))], 3, {
        training_mode: 1,
      })[0],
  ],
  [
    'an image resized with others',
    2,
    [3, 4],
    (b, x) => b.op('Resize', [x, '', b.op('Constant', [], { value_floats: floats([2, 1, 1]) })]),
  ],
  ['an operator that is not known', 1, [3], (b, x) => b.op('Foreign', [x], {}, 'other.domain')],
];

describe('freeBatch', () => {
  test.each(FREED)('%s', async (_, batch, image, build) => checkFreed(fixed(batch, image, build), batch, 1e-6));
  test.each(REFUSED)('refuses: %s', (_, batch, image, build) =>
    expect(freeBatch(fixed(batch, image, build))).toBeUndefined(),
  );

  test('a free batch is left alone', () => {
    const b = new GraphBuilder('free');
    b.outputAs('y', b.op('Relu', [b.input('x', 'float32', ['N', 3])]), 'float32');
    const model = modelOf(b.build());
    expect(freeBatch(model)).toBe(model);
  });

  test.skipIf(!hasSharedModels)('mnist_convnet_maxpool, which is written for one image', async () => {
    await checkFreed(readModel(sharedModel('mnist_convnet_maxpool')), 1, 1e-5);
  });

  test.skipIf(!hasSharedModels).each(SHARED_MODELS)('%s, fixed to one image and freed again', async (name) => {
    const model = readModel(sharedModel(name));
    const inputs = model.graph.inputs.map((info) => ({ ...info, shape: [1, ...info.shape!.slice(1)] }));
    const outputs = model.graph.outputs.map((info) => ({ ...info, shape: undefined }));
    await checkFreed({ ...model, graph: { ...model.graph, inputs, outputs } }, 1, 1e-4);
  });
});
