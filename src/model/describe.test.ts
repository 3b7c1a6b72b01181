import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Dimension, ElementType } from '../onnx/graph.ts';
import { linearGraph, type LinearModel } from '../testing/classifier.ts';
import { modelOf } from '../testing/onnx.ts';
import type { ModelOverrides } from './description.ts';
import { describeModel } from './describe.ts';

const colour = { channels: 3, height: 8, width: 6 };

function describing(options: Partial<LinearModel>, overrides?: ModelOverrides) {
  return describeModel(modelOf(linearGraph({ shape: colour, classes: 5, ...options })), overrides);
}

/** A model whose one input has a shape, and whose one output has another. */
function shaped(
  input: readonly Dimension[] | undefined,
  output: readonly Dimension[] | undefined = ['N', 10],
  type: ElementType = 'float32',
  scores: ElementType = 'float32',
) {
  const b = new GraphBuilder('shaped');
  b.outputAs('y', b.input('x', type, input), scores, output);
  return modelOf(b.build());
}

function refusal(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

describe('the input', () => {
  test.each([
    [{ input: 'nchw' }, { layout: 'nchw', dims: [3, 8, 6], batch: 'free', type: 'float32' }],
    [{ input: 'nhwc' }, { layout: 'nhwc', dims: [8, 6, 3], batch: 'free' }],
    [{ input: 'nchw', batch: 1 }, { batch: 1 }],
    [{ input: 'nchw', batch: 16 }, { batch: 16 }],
    [{ type: 'uint8' }, { type: 'uint8' }],
    [{ type: 'float16' }, { type: 'float16' }],
  ] as const)('%o', (options, expected) => {
    expect(describing(options).input).toMatchObject({ name: 'images', shape: colour, ...expected });
  });

  test.each([
    [784, { layout: 'nchw', shape: { channels: 1, height: 28, width: 28 } }],
    [1, { layout: 'nchw', shape: { channels: 1, height: 1, width: 1 } }],
  ])('flat with %i values: the size is told by the number', (values, expected) => {
    expect(describeModel(shaped(['N', values])).input).toMatchObject({ dims: [values], ...expected });
  });

  test.each([
    ['flat', 'nchw'],
    ['nchw', 'nchw'],
    ['nhwc', 'nhwc'],
  ] as const)('flat in colour: the order is asked for, and --layout %s tells it', (given, layout) => {
    const model = shaped(['N', 3072]);
    expect(refusal(() => describeModel(model))).toMatchObject({
      kind: 'misuse',
      issue: { code: 'layout-unknown', advice: expect.stringContaining('layout: ') },
    });
    expect(describeModel(model, { layout: given }).input).toMatchObject({
      layout,
      shape: { channels: 3, height: 32, width: 32 },
      dims: [3072],
    });
  });

  test('flat and not square: the size is asked for', () => {
    const model = shaped(['N', 96]);
    expect(refusal(() => describeModel(model))).toMatchObject({
      issue: { code: 'size-unknown', advice: expect.stringContaining('size: ') },
    });
    expect(describeModel(model, { size: { height: 8, width: 12 } }).input.shape).toEqual({
      channels: 1,
      height: 8,
      width: 12,
    });
    expect(describeModel(model, { size: { height: 8, width: 4 }, layout: 'flat' }).input.shape).toEqual({
      channels: 3,
      height: 8,
      width: 4,
    });
    expect(refusal(() => describeModel(model, { size: { height: 5, width: 5 } }))).toMatchObject({
      issue: { code: 'size-unknown' },
    });
  });

  test('three dimensions are grey images', () => {
    expect(describeModel(shaped([null, 28, 20])).input).toMatchObject({
      shape: { channels: 1, height: 28, width: 20 },
      dims: [28, 20],
    });
  });

  test.each([
    [['N', 784, 1], [784, 1], 1, 28, 'nchw'],
    [['N', 1, 784], [1, 784], 1, 28, 'nchw'],
    [['N', 1, 1, 784], [1, 1, 784], 1, 28, 'nchw'],
    [['N', 784, 1, 1], [784, 1, 1], 1, 28, 'nchw'],
    [[1, 784], [784], 1, 28, 'nchw'],
    [['N', 3, 1024], [3, 1024], 3, 32, 'nchw'],
    [['N', 1024, 3], [1024, 3], 3, 32, 'nhwc'],
  ] as const)('%o is flattened: %o', (declared, dims, channels, side, layout) => {
    expect(describeModel(shaped(declared)).input).toMatchObject({
      dims,
      layout,
      shape: { channels, height: side, width: side },
    });
  });

  test.each([
    [[784], [784], 1, 28],
    [[28, 28], [28, 28], 1, 28],
    [[3, 32, 32], [3, 32, 32], 3, 32],
    [[32, 32, 3], [32, 32, 3], 3, 32],
  ] as const)('%o is one image without a batch', (declared, dims, channels, side) => {
    expect(describeModel(shaped(declared, [10])).input).toMatchObject({
      dims,
      batch: 1,
      unbatched: true,
      shape: { channels, height: side, width: side },
    });
  });

  test.each([
    [[-1, 3, 4, 4], 'nchw'],
    [[-1, 4, 4, 3], 'nhwc'],
  ] as const)('a flat colour image that the graph brings to %o needs no question', (target, layout) => {
    const b = new GraphBuilder('unflattening');
    b.outputAs('y', b.op('Reshape', [b.input('x', 'float32', ['N', 48]), b.ints(target)]), 'float32', ['N', 10]);
    expect(describeModel(modelOf(b.build())).input).toMatchObject({
      layout,
      dims: [48],
      shape: { channels: 3, height: 4, width: 4 },
    });
  });

  test('open sides are asked for, and --size tells them', () => {
    const model = shaped(['N', 3, 'h', 'w']);
    expect(refusal(() => describeModel(model))).toMatchObject({
      issue: { code: 'size-unknown', advice: expect.stringContaining('size: ') },
    });
    expect(describeModel(model, { size: { height: 20, width: 30 } }).input).toMatchObject({
      shape: { channels: 3, height: 20, width: 30 },
      dims: [3, 20, 30],
    });
  });

  test('where every dimension is open, the first convolution or transposition tells the layout', () => {
    const convolution = new GraphBuilder('convolution');
    const x = convolution.op('Div', [
      convolution.input('x', 'float32', [null, null, null, null]),
      convolution.constant(255),
    ]);
    convolution.outputAs(
      'y',
      convolution.op('Conv', [
        x,
        convolution.initializer('w', { type: 'float32', dims: [4, 3, 1, 1], data: new Float32Array(12) }),
      ]),
      'float32',
      [null, 4],
    );
    expect(describeModel(modelOf(convolution.build()), { size: { height: 9, width: 7 } }).input).toMatchObject({
      layout: 'nchw',
      dims: [3, 9, 7],
    });

    const transposition = new GraphBuilder('transposition');
    transposition.outputAs(
      'y',
      transposition.op('Transpose', [transposition.input('x', 'float32', [null, null, null, null])], {
        perm: [0, 3, 1, 2],
      }),
      'float32',
      [null, 4],
    );
    expect(
      describeModel(modelOf(transposition.build()), { size: { channels: 1, height: 9, width: 7 } }).input,
    ).toMatchObject({ layout: 'nhwc', dims: [9, 7, 1] });
  });

  test('a layout that the dimensions leave open is asked for', () => {
    const model = shaped(['N', 3, 8, 3]);
    expect(refusal(() => describeModel(model))).toMatchObject({
      issue: { code: 'layout-unknown', problem: expect.stringContaining('[N, 3, 8, 3]') },
    });
    expect(describeModel(model, { layout: 'nhwc' }).input.shape).toEqual({ channels: 3, height: 3, width: 8 });
  });

  test.each([
    [undefined, {}, 'wrong-rank'],
    [[10], {}, 'size-unknown'],
    [[], {}, 'wrong-rank'],
    [['N', 3, 4, 4, 4], {}, 'wrong-rank'],
    [['N', 64, 8, 8], {}, 'layout-unknown'],
    [['N', 64, 8, 8], { layout: 'nchw' }, 'channel-count'],
    [['N', 3, 8, 8], { size: { height: 9, width: 8 } }, 'size-contradicts-model'],
    [['N', 3, 8, 8], { size: { channels: 1, height: 8, width: 8 } }, 'size-contradicts-model'],
    [['N', 28, 28], { size: { height: 32, width: 32 } }, 'size-contradicts-model'],
    [['N', 3, 8, 8], { layout: 'flat' }, 'layout-contradicts-model'],
  ] as const)('%o with %o is refused: %s', (shape, overrides, code) => {
    expect(refusal(() => describeModel(shaped(shape), overrides))).toMatchObject({ kind: 'misuse', issue: { code } });
  });

  test('types that cannot hold an image are refused by name', () => {
    expect(refusal(() => describeModel(shaped(['N', 3, 8, 8], ['N', 10], 'bool')))).toMatchObject({
      issue: {
        code: 'unsupported-input-type',
        problem: 'has the element type bool; images can be given as float32, float16, float64, uint8, int32, int64.',
      },
    });
  });

  test('several inputs are refused with what was seen', () => {
    const b = new GraphBuilder('two');
    b.output(
      b.op('Add', [b.input('a', 'float32', ['N', 3, 4, 4]), b.input('b', 'float32', ['N', 3, 4, 4])]),
      'float32',
      ['N', 10],
    );
    expect(refusal(() => describeModel(modelOf(b.build())))).toMatchObject({
      issue: {
        code: 'not-a-classifier',
        problem:
          "has 2 inputs ('a' float32[N, 3, 4, 4], 'b' float32[N, 3, 4, 4]); an image classifier has one, its images.",
      },
    });
  });
});

describe('the output', () => {
  test.each([
    ['logits', 'logits'],
    ['Softmax', 'probabilities'],
    ['LogSoftmax', 'log-probabilities'],
    ['Sigmoid', 'sigmoid'],
  ] as const)('%s gives %s', (ending, kind) => {
    expect(describing({ ending }).output).toEqual({ name: 'scores', kind, width: 5, labelOffset: 0 });
  });

  test.each([
    [['N', 10, 1, 1], 10],
    [['N', 1, 1, 7], 7],
    [['N', 'classes'], undefined],
    [['N'], 1],
    [['N', 1], 1],
    [[1, 'N', 10], 10],
    [[10, 'N'], 10],
    [[1, 10], 10],
    [[10], undefined],
  ] as const)('%o has %s classes', (shape, width) => {
    expect(describeModel(shaped(['N', 3, 8, 8], shape)).output.width).toBe(width);
  });

  test.each([
    [['N', 20, 20], {}, 'not-a-classifier'],
    [['N', 1], { labelOffset: 1 }, 'label-offset'],
    [[100_000, 10], {}, 'false-batch'],
    [['N', 10], { labelOffset: 9 }, 'label-offset'],
    [['N', 10], { labelOffset: -1 }, 'label-offset'],
    [['N', 10], { labelOffset: 0.5 }, 'label-offset'],
    [['N', 10], { output: 'z' }, 'unknown-output'],
  ] as const)('%o with %o is refused: %s', (shape, overrides, code) => {
    expect(refusal(() => describeModel(shaped(['N', 3, 8, 8], shape), overrides))).toMatchObject({
      kind: 'misuse',
      issue: { code },
    });
  });

  test('whole-number outputs are no scores', () => {
    expect(refusal(() => describeModel(shaped(['N', 3, 8, 8], ['N'], 'float32', 'int64')))).toMatchObject({
      issue: { code: 'no-scores', advice: expect.stringContaining('ArgMax') },
    });
  });

  test('of several outputs the one that fits is taken, and asked for where several do', () => {
    const b = new GraphBuilder('several');
    const x = b.input('x', 'float32', ['N', 3, 4, 4]);
    b.outputAs('features', x, 'float32', ['N', 3, 4, 4]);
    b.outputAs('main', x, 'float32', ['N', 10]);
    expect(describeModel(modelOf(b.build())).output.name).toBe('main');
    b.outputAs('auxiliary', x, 'float32', ['N', 10]);
    const model = modelOf(b.build());
    expect(refusal(() => describeModel(model))).toMatchObject({
      issue: { code: 'output-unknown', advice: expect.stringContaining("output: 'main'") },
    });
    expect(describeModel(model, { output: 'auxiliary' }).output.name).toBe('auxiliary');
  });
});
