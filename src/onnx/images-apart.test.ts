import { describe, expect, it } from 'vitest';
import type { AttributeInput } from './builder.ts';
import { GraphBuilder } from './builder.ts';
import type { Dimension } from './graph.ts';
import { imagesStayApart } from './images-apart.ts';

/** Whether a node of one operator keeps images apart, by the shapes of its inputs and outputs. `{…}`: constants. */
function apart(
  opType: string,
  shapes: readonly (readonly Dimension[] | { readonly constant: readonly number[] } | undefined)[],
  result: readonly Dimension[] | undefined,
  attributes: Record<string, AttributeInput> = {},
  domain = '',
): boolean {
  const b = new GraphBuilder('one');
  const known = new Map<string, readonly Dimension[] | undefined>();
  const inputs = shapes.map((shape, i) => {
    if (shape !== undefined && 'constant' in shape) {
      const name = b.ints(shape.constant);
      known.set(name, [shape.constant.length]);
      return name;
    }
    known.set(`x${i}`, shape);
    return `x${i}`;
  });
  b.node(opType, inputs, ['y'], attributes);
  known.set('y', result);
  const { nodes, initializers } = b.build();
  return imagesStayApart({ ...nodes[0], domain }, (name) => known.get(name), 'batch', initializers);
}

const IMAGES = ['batch', 3, 8, 8];
const ROWS = ['batch', 10];

describe('images stay apart', () => {
  it.each<[string, ...Parameters<typeof apart>]>([
    ['a convolution of the images', 'Conv', [IMAGES, [4, 3, 3, 3]], ['batch', 4, 6, 6]],
    ['an elementwise operator', 'Add', [IMAGES, IMAGES], IMAGES],
    ['a softmax over classes', 'Softmax', [ROWS], ROWS],
    ['a reduction over places', 'ReduceMean', [IMAGES, { constant: [2, 3] }], ['batch', 3, 1, 1]],
    ['a reduction over no axis, which is none', 'ReduceSum', [ROWS], ROWS, { noop_with_empty_axes: 1 }],
    ['a product of the rows', 'MatMul', [ROWS, [10, 5]], ['batch', 5]],
    [
      'a product whose columns are images',
      'MatMul',
      [
        [5, 10],
        [10, 'batch'],
      ],
      [5, 'batch'],
    ],
    ['a dense layer', 'Gemm', [ROWS, [10, 5]], ['batch', 5]],
    ['rows of whole images', 'Reshape', [IMAGES, { constant: [0, -1] }], ['batch', 192]],
    ['images as rows of several', 'Reshape', [IMAGES, { constant: [-1, 64] }], ['3*batch', 64]],
    [
      'a part of each image',
      'Slice',
      [IMAGES, { constant: [1] }, { constant: [7] }, { constant: [2] }],
      ['batch', 3, 6, 8],
    ],
    ['a border around each', 'Pad', [IMAGES, { constant: [0, 0, 1, 1, 0, 0, 1, 1] }], ['batch', 3, 10, 10]],
    ['a norm with kept statistics', 'BatchNormalization', [IMAGES, [3], [3], [3], [3]], IMAGES],
    ['the shape of the images', 'Shape', [IMAGES], [4]],
    ['what no image goes into', 'Whatever', [[3, 3]], [3, 3]],
  ])('%s', (_, ...given) => expect(apart(...given)).toBe(true));

  it.each<[string, ...Parameters<typeof apart>]>([
    ['a softmax over images', 'Softmax', [ROWS], ROWS, { axis: 0 }],
    ['a reduction over all axes', 'ReduceMean', [IMAGES], [1, 1, 1, 1]],
    ['a reduction over the images', 'ReduceMax', [ROWS, { constant: [0] }], [1, 10]],
    ['a reduction over axes that are not known', 'ReduceMax', [ROWS, [1]], ['batch', 10]],
    [
      'a product that sums over images',
      'MatMul',
      [
        ['batch', 10],
        [10, 'batch'],
      ].reverse(),
      [10, 10],
    ],
    ['a dense layer of the other side', 'Gemm', [ROWS, [10, 5]], [10, 5], { transA: 1 }],
    ['images that come to lie elsewhere', 'Reshape', [IMAGES, { constant: [8, -1] }], [8, '24*batch']],
    ['images within rows', 'Reshape', [IMAGES, { constant: [3, -1, 64] }], [3, 'batch', 64]],
    [
      'a part of the images',
      'Slice',
      [IMAGES, { constant: [1] }, { constant: [7] }, { constant: [0] }],
      ['batch', 3, 8, 8],
    ],
    ['a border of images', 'Pad', [ROWS, { constant: [1, 0, 0, 0] }], ['batch', 10]],
    ['a norm over the batch', 'BatchNormalization', [IMAGES, [3], [3], [3], [3]], IMAGES, { training_mode: 1 }],
    ['a running sum', 'CumSum', [ROWS, { constant: [0] }], ROWS],
    ['weights that are images', 'Conv', [[1, 3, 8, 8], IMAGES], [1, 'batch', 1, 1]],
    ['an operator without a rule', 'Whatever', [ROWS], ROWS],
    ['an operator of another domain', 'Softmax', [ROWS], ROWS, {}, 'com.example'],
    ['an input of unknown shape', 'Add', [ROWS, undefined], ROWS],
    ['a result of unknown shape', 'Softmax', [ROWS], undefined],
    ['two axes of the batch', 'Add', [['batch', 'batch']], ['batch', 'batch']],
  ])('not by %s', (_, ...given) => expect(apart(...given)).toBe(false));
});
