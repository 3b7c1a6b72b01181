import { describe, expect, test } from 'vitest';
import { describeModel } from '../model/describe.ts';
import { modelOf } from '../testing/onnx.ts';
import { GraphBuilder, type AttributeInput } from './builder.ts';
import type { Dimension, Graph, Node } from './graph.ts';
import { inferShapes } from './infer.ts';
import { inspectModel } from './inspect.ts';
import { readModel } from './read.ts';
import { toWorkingOpset } from './upgrade.ts';
import { writeModel } from './write.ts';

/** A classifier of images [N, 1, 28, 28] whose scores come from what `body` makes of them. */
function graphOf(body: (b: GraphBuilder, x: string) => string, dims: readonly Dimension[] = ['N', 1, 28, 28]): Graph {
  const b = new GraphBuilder('net');
  const y = body(b, b.input('x', 'float32', dims));
  b.outputAs('y', y, 'float32', ['N', 784]);
  return b.build();
}

function read(graph: Graph): ReturnType<typeof readModel> {
  return readModel(writeModel(modelOf(graph)));
}

function flat(b: GraphBuilder, x: string): string {
  return b.op('Flatten', [x]);
}

describe('refused by name while it is read', () => {
  const whole = (b: GraphBuilder, value: number) => b.ints([value]);
  test.each<[string, string, (b: GraphBuilder, x: string) => string]>([
    [
      'a slice in steps of 0',
      'its steps must not be 0',
      (b, x) => flat(b, b.op('Slice', [x, whole(b, 0), whole(b, 9), whole(b, 2), whole(b, 0)])),
    ],
    [
      'a range in steps of 0',
      'in steps of 0',
      (b, x) =>
        b.op('Add', [flat(b, x), b.op('Cast', [b.op('Range', [b.ints(0), b.ints(784), b.ints(0)])], { to: 1 })]),
    ],
    [
      'a division by 0',
      'divides whole numbers by 0',
      (b, x) => {
        b.op('Div', [whole(b, 1), whole(b, 0)]);
        return flat(b, x);
      },
    ],
    [
      'a division by a computed 0',
      'divides whole numbers by 0',
      (b, x) => {
        b.op('Mod', [whole(b, 1), b.op('Sub', [whole(b, 3), whole(b, 3)])]);
        return flat(b, x);
      },
    ],
    [
      'a quotient beyond int64',
      'which no int64 holds',
      (b, x) => {
        b.op('Div', [whole(b, -(2 ** 63)), whole(b, -1)]);
        return flat(b, x);
      },
    ],
    [
      'strides for one of two axes',
      "'kernel_shape' is for 2 spatial axes, but 'strides' for 1",
      (b, x) => flat(b, b.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2] })),
    ],
    [
      'a window of length 0',
      "'kernel_shape' holds 0",
      (b, x) => flat(b, b.op('AveragePool', [x], { kernel_shape: [0, 2] })),
    ],
    [
      'a window beyond all bounds',
      "'kernel_shape' holds 2147483648",
      (b, x) => flat(b, b.op('AveragePool', [x], { kernel_shape: [3, 2 ** 31] })),
    ],
    [
      'a value of too many elements',
      'elements or more',
      (b, x) => b.op('Add', [x, b.op('ConstantOfShape', [b.ints([70000, 70000])])]),
    ],
    [
      'constants that grow as the file is loaded',
      '67,108,864 are the most',
      (b, x) => b.op('Add', [x, b.op('ReduceSum', [b.op('Expand', [b.constant([1], [1, 1]), b.ints([9000, 9000])])])]),
    ],
    [
      'a node of 10,001 inputs',
      'it has 10001 inputs or outputs',
      (b, x) => b.op('Sum', new Array<string>(10_001).fill(flat(b, x))),
    ],
    [
      'a value of too many axes',
      '65 axes or more',
      (b, x) => b.op('Unsqueeze', [x, b.ints(Array.from({ length: 61 }, (_, i) => i))]),
    ],
    ['an axis without bound', 'an axis of length 4294967296', (b, x) => b.op('Tile', [x, b.ints([1, 2 ** 32, 0, 1])])],
  ])('%s', (_, problem, body) => {
    expect(() => read(graphOf(body))).toThrow(problem);
  });

  test.each([
    ['a negative length', [-784, -1], 'an axis of length -784'],
    ['too many axes', new Array<number>(65).fill(1), '65 axes'],
  ])('a weight with %s', (_, dims, problem) => {
    const graph = graphOf((b, x) => {
      const w = b.initializer('w', { type: 'float32', dims, data: new Float32Array(dims.reduce((a, d) => a * d, 1)) });
      return b.op('MatMul', [flat(b, x), w]);
    });
    expect(() => read(graph)).toThrow(problem);
  });

  test('an input without a name, two of one name', () => {
    const graph = graphOf(flat);
    const named = (name: string): Graph => ({ ...graph, inputs: [...graph.inputs, { ...graph.inputs[0], name }] });
    expect(() => read(named(''))).toThrow('has no name');
    expect(() => read(named('x'))).toThrow('bear one name');
  });
});

describe('ends soon', () => {
  /** `count` nodes, each of which reads the last one twice. */
  function doubling(
    opType: string,
    attributes: Record<string, AttributeInput>,
    first: (b: GraphBuilder, x: string) => string,
  ) {
    return graphOf((b, x) => {
      let value = first(b, x);
      for (let i = 0; i < 200; i++) value = b.op(opType, [value, value], attributes);
      return b.op('Add', [flat(b, x), b.op('Cast', [value], { to: 1 })]);
    });
  }

  test('a shape that doubles 200 times is refused; a formula counts as unknown', () => {
    expect(() => read(doubling('Concat', { axis: 0 }, (b, x) => b.op('Shape', [x])))).toThrow('elements or more');
    const sums = read(doubling('Add', {}, (b, x) => b.op('Shape', [x], { start: 0, end: 1 })));
    expect(inspectModel(sums).outputs).toHaveLength(1);
    expect(() => toWorkingOpset(sums)).not.toThrow();
  });

  test('values without a name lead nowhere', () => {
    const node = (opType: string, inputs: string[], outputs: string[]): Node => ({
      name: '',
      opType,
      domain: '',
      inputs,
      outputs,
      attributes: new Map(),
    });
    const graph = graphOf(flat);
    const nodes = [node('Identity', ['x'], ['']), node('Identity', [''], ['a', '']), node('Identity', ['a'], ['y'])];
    expect(() => describeModel(modelOf({ ...graph, nodes: [...nodes] }), { layout: 'nchw' })).not.toThrow();
  });
});

test('a large weight may be transposed: what is made of it is no larger', () => {
  const dims = [8193, 8192]; // One row more than what constants may grow to; zeros that nobody touches take no memory.
  const graph = graphOf((b, x) => {
    const w = b.initializer('w', { type: 'float32', dims, data: new Float32Array(8193 * 8192) });
    return b.op('ReduceSum', [b.op('Add', [x, b.op('ReduceSum', [b.op('Transpose', [w])])])], { keepdims: 0 });
  });
  const shapes = [...inferShapes(graph).values()].map(({ shape }) => shape);
  expect(shapes).toContainEqual([8192, 8193]);
});

test('dimensions named like formulas stay what they are: names', () => {
  const shapeOf = (name: string) => {
    const graph = graphOf(
      (b, x) => flat(b, b.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] })),
      ['N', 1, name, name],
    );
    return inferShapes(read(graph).graph).get('y')?.shape?.[1];
  };
  for (const name of ['a\nb', '5', '-1', 'h*w', '(', 'h+1', 'x'.repeat(500)]) {
    const size = shapeOf(name);
    expect(size === 784 || size === null || typeof size === 'string').toBe(true);
  }
  const graph = graphOf(
    (b, x) => b.outputAs('joined', b.op('Concat', [x, x], { axis: 2 }), 'float32'),
    ['N', 1, '5', 28],
  );
  // A name of digits is not their number: two of it are not 10.
  expect(inferShapes(graph).get('joined')?.shape?.[2]).toMatch(/\$/);
});
