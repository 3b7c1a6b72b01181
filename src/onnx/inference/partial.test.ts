import { describe, expect, it } from 'vitest';
import { type AttributeInput, float, floats, GraphBuilder } from '../builder.ts';
import type { Dimension, ElementType } from '../graph.ts';
import { tensorFrom } from '../tensor.ts';
import { LARGEST, PARTIAL_RULES, partialOf } from './partial.ts';
import type { Operands, PartialTensor } from './rule.ts';

type Input = readonly Dimension[] | number | undefined | { readonly shape: readonly Dimension[] };

/** What a rule makes of inputs: vectors, scalars, tensors of which the shape alone is known, or nothing. */
function run(
  opType: string,
  inputs: readonly Input[],
  attributes: Record<string, AttributeInput> = {},
  type: ElementType = 'int64',
): PartialTensor | undefined {
  const b = new GraphBuilder('one');
  b.node(
    opType,
    inputs.map((input, i) => (input === undefined ? '' : `x${i}`)),
    ['y'],
    attributes,
  );
  const [node] = b.build().nodes;
  const partial = (i: number): PartialTensor | undefined => {
    const input = inputs[i];
    if (typeof input === 'number') return { dims: [], elements: [input] };
    return Array.isArray(input) ? { dims: [input.length], elements: input } : undefined;
  };
  const numbers = (i: number): number[] | undefined => {
    const elements = partial(i)?.elements;
    return elements?.every((e) => typeof e === 'number') ? [...(elements as number[])] : undefined;
  };
  const operands = {
    node,
    has: (i: number) => inputs[i] !== undefined,
    type: () => type,
    shape: (i: number) => {
      const input = inputs[i];
      return typeof input === 'object' && 'shape' in input ? input.shape : partial(i)?.dims;
    },
    partial,
    numbers,
    ints: (name: string, i: number) => (node.attributes.get(name)?.value as number[] | undefined) ?? numbers(i),
    refuse: (problem: string) => new Error(problem),
  } as unknown as Operands;
  return PARTIAL_RULES[opType](operands);
}

const elementsOf = (...given: Parameters<typeof run>) => run(...given)?.elements;

describe('the small tensors that shapes are computed with', () => {
  it.each<[string, Parameters<typeof run>, readonly Dimension[] | undefined]>([
    ['the sizes of an image, from one axis on', ['Shape', [{ shape: ['batch', 3, 8] }], { start: 1 }], [3, 8]],
    ['how many elements there are', ['Size', [{ shape: [2, 3] }]], [6]],
    ['numbers that count up', ['Range', [1, 7, 2]], [1, 3, 5]],
    ['a fill', ['ConstantOfShape', [[2]], { value: tensorFrom('int64', [7]) }], [7, 7]],
    ['a symbol at a place', ['Gather', [['batch', 3, 8], 0]], ['batch']],
    ['one counted from behind', ['Gather', [['batch', 3, 8], -1]], [8]],
    ['a part', ['Slice', [['batch', 3, 8], [1], [3]]], [3, 8]],
    ['every other one, backwards', ['Slice', [[0, 1, 2, 3], [-1], [-5], [0], [-2]]], [3, 1]],
    ['parts put together', ['Concat', [['batch'], [-1]], { axis: 0 }], ['batch', -1]],
    ['with what is not known in its place', ['Concat', [{ shape: [2] }, [5]], { axis: 0 }], [null, null, 5]],
    ['a sum with a symbol', ['Add', [['batch'], 0]], ['batch']],
    ['a product of symbol and number', ['Mul', [['batch'], 3]], ['3*batch']],
    ['whole numbers divided towards zero', ['Div', [[-7], 2]], [-3]],
    ['a remainder of the sign of the divisor', ['Mod', [[-7], 3]], [2]],
    ['a number cut to an integer', ['Cast', [[2.7, -2.7]], { to: 7 }, 'float32'], [2, -2]],
    ['one that stays real', ['Cast', [[2.5]], { to: 1 }, 'float32'], [2.5]],
    [
      'a symbol equal to itself, to no negative number, and else not known',
      [
        'Equal',
        [
          ['batch', 'batch', 'batch'],
          ['batch', -1, 4],
        ],
      ],
      [1, 0, null],
    ],
    [
      'a choice',
      [
        'Where',
        [
          [1, 0],
          ['batch', 2],
          [3, 4],
        ],
      ],
      ['batch', 4],
    ],
    ['the product of all', ['ReduceProd', [[2, 3]], { keepdims: 0 }], [6]],
    ['an axis more', ['Unsqueeze', [5, [0]]], [5]],
    ['a repeated number', ['Expand', [[1], [3]]], [1, 1, 1]],
    ['sizes scaled in float32, rounded as there', ['Mul', [[224], 0.1], {}, 'float32'], [Math.fround(224 * 0.1)]],
    ['nothing of what is unknown', ['Add', [{ shape: [1] }, 1]], undefined],
    ['nothing outside of a vector', ['Gather', [[1, 2], 2]], undefined],
    ['nothing of a step of 0', ['Slice', [[1, 2], [0], [2], [0], [0]]], undefined],
    ['nothing too large for a shape', ['Range', [0, LARGEST + 1, 1]], undefined],
  ])('%s', (_, given, expected) => expect(elementsOf(...given)).toEqual(expected));

  it('constants in every spelling', () => {
    expect(run('Constant', [], { value_int: 3 })).toEqual({ dims: [], elements: [3] });
    expect(run('Constant', [], { value_float: float(2) })).toEqual({ dims: [], elements: [2] });
    expect(run('Constant', [], { value_ints: [1, 2] })).toEqual({ dims: [2], elements: [1, 2] });
    expect(run('Constant', [], { value_floats: floats([1, 2]) })).toEqual({ dims: [2], elements: [1, 2] });
    expect(run('Constant', [], { value: tensorFrom('int64', [4, 5]) })).toEqual({ dims: [2], elements: [4, 5] });
  });

  it('a division that would end the process is refused before it is run', () => {
    expect(() => run('Div', [[7], 0])).toThrow('divides whole numbers by 0');
    expect(() => run('Mod', [[7], 0])).toThrow('divides whole numbers by 0');
    expect(() => run('Div', [[-(2 ** 31)], -1], {}, 'int32')).toThrow('which no int32 holds');
    expect(elementsOf('Div', [[7], 0], {}, 'float32')).toEqual([Infinity]);
  });

  it('a large constant is no shape', () => {
    expect(partialOf(tensorFrom('int64', new Array<number>(LARGEST + 1).fill(1)))).toBeUndefined();
    expect(partialOf(tensorFrom('int64', [2, 3], [2, 1]))).toEqual({ dims: [2, 1], elements: [2, 3] });
  });
});
