import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { differentiability } from './differentiability.ts';
import { differentiate } from './differentiate.ts';
import { modelOf, runOnnx } from '../testing/onnx.ts';
import { relativeError, runGraph } from '../testing/run-graph.ts';

const vector = (...values: number[]) => tensorFrom('float32', values);

/** loss = Σ (x + w)² · x, with the inner value s = x + w. */
function polynomial(): GraphBuilder {
  const b = new GraphBuilder('polynomial');
  b.input('x', 'float32', [2]);
  const w = b.initializer('w', vector(1, -3));
  b.node('Add', ['x', w], ['s']);
  const product = b.op('Mul', [b.op('Mul', ['s', 's']), 'x']);
  b.node('ReduceSum', [product], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return b;
}

describe('differentiate', () => {
  it('sums what reaches a value on several ways, and differentiates by inputs, weights and inner values', async () => {
    const { graph, gradients } = differentiate(polynomial().build(), { output: 'loss', by: ['x', 'w', 's'] });
    const outputs = await runGraph(graph, { x: vector(2, 5) });
    const [s, x] = [
      [3, 2],
      [2, 5],
    ];
    expect(outputs.loss[0]).toBe(9 * 2 + 4 * 5);
    expect([...outputs[gradients.get('s')!]]).toEqual([2 * s[0] * x[0], 2 * s[1] * x[1]]);
    expect([...outputs[gradients.get('w')!]]).toEqual([2 * s[0] * x[0], 2 * s[1] * x[1]]);
    expect([...outputs[gradients.get('x')!]]).toEqual([2 * s[0] * x[0] + s[0] ** 2, 2 * s[1] * x[1] + s[1] ** 2]);
  });

  it('keeps the outputs that were there and adds no nodes for values that are not asked for', () => {
    const graph = polynomial().build();
    const byLast = differentiate(graph, { output: 'loss', by: ['loss'] }).graph;
    expect(byLast.outputs.map((o) => o.name)).toEqual(['loss', 'loss:gradient']);
    expect(byLast.nodes.length).toBe(graph.nodes.length + 1);
  });

  it('yields zeros for a value that the output does not depend on', async () => {
    const b = polynomial();
    b.input('idle', 'float32', [3]);
    const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['idle'] });
    const outputs = await runGraph(graph, { x: vector(2, 5), idle: vector(1, 2, 3) });
    expect([...outputs[gradients.get('idle')!]]).toEqual([0, 0, 0]);
  });

  it('passes through casts between floats and ends at casts to integers', async () => {
    const b = new GraphBuilder('casts');
    b.input('x', 'float32', [2]);
    const double = b.op('Cast', ['x'], { to: 11 });
    const back = b.op('Cast', [b.op('Mul', [double, double])], { to: 1 });
    const steps = b.op('Cast', [b.op('Cast', ['x'], { to: 7 })], { to: 1 });
    b.node('ReduceSum', [b.op('Mul', [back, steps])], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['x'] });
    const outputs = await runGraph(graph, { x: vector(1.5, 2.25) });
    expect([...outputs[gradients.get('x')!]]).toEqual([2 * 1.5 * 1, 2 * 2.25 * 2]);
  });

  it('passes shapes through: a mean written with Shape, ReduceProd and Cast', async () => {
    const b = new GraphBuilder('shapes');
    b.input('x', 'float32', ['batch', 4]);
    const count = b.op('Cast', [b.op('ReduceProd', [b.op('Shape', ['x'])], { keepdims: 0 })], { to: 1 });
    b.node('Div', [b.op('ReduceSum', ['x'], { keepdims: 0 }), count], ['loss']);
    b.output('loss', 'float32', []);
    const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['x'] });
    const outputs = await runGraph(graph, { x: tensorFrom('float32', [1, 2, 3, 4, 5, 6, 7, 8], [2, 4]) });
    expect([...outputs[gradients.get('x')!]]).toEqual(Array.from({ length: 8 }, () => 1 / 8));
  });

  it('names the operators that it does not cover, with their nodes', () => {
    const b = new GraphBuilder('refused');
    b.input('x', 'float32', [2]);
    const rounded = b.op('Round', [b.op('Round', ['x'])]);
    b.node('ReduceSum', [rounded], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    expect(() => differentiate(b.build(), { output: 'loss', by: ['x'] })).toThrow(
      /Round \('Round_node', 'Round_node_\d+'\): its derivative is zero wherever it exists/,
    );
    const { differentiable, unsupported } = differentiability(b.build());
    expect(differentiable).toBe(false);
    expect(unsupported.map((entry) => [entry.opType, entry.nodes.length])).toEqual([['Round', 2]]);
  });

  it('refuses what goes on from a second output that has no derivative, alone or beside the first', () => {
    const reduced = (...names: string[]) => {
      const b = new GraphBuilder('second');
      b.input('x', 'float32', [2, 3]);
      const scale = b.initializer('scale', vector(1, 1, 1));
      b.node('LayerNormalization', ['x', scale], ['y', 'mean']);
      const sum = names.map((name) => b.op('ReduceSum', [name], { keepdims: 0 })).reduce((l, r) => b.op('Add', [l, r]));
      b.node('Identity', [sum], ['loss']);
      b.output('loss', 'float32', []);
      return b.build();
    };
    const at = { output: 'loss', by: ['x'] };
    expect(() => differentiate(reduced('y'), at)).not.toThrow();
    for (const names of [['mean'], ['y', 'mean']])
      expect(() => differentiate(reduced(...names), at)).toThrow(/LayerNormalization.*output number 2/);
  });

  it('does not mind an uncovered operator that is not on the way', () => {
    const b = polynomial();
    b.output(b.op('Round', ['w']), 'float32', [2]);
    expect(differentiability(b.build())).toEqual({ differentiable: true, unsupported: [] });
  });

  it('refuses unknown values, values that are no floats and outputs with several elements', () => {
    const b = polynomial();
    b.input('index', 'int64', [1]);
    const graph = b.build();
    expect(() => differentiate(graph, { output: 'loss', by: ['y'] })).toThrow(
      "the value 'y': is not in the graph 'polynomial'",
    );
    expect(() => differentiate(graph, { output: 'loss', by: ['index'] })).toThrow(/is of type int64/);
    expect(() => differentiate(graph, { output: 's', by: ['x'] })).toThrow(
      /has the shape \[2\]; only a value with one element/,
    );
  });

  it('passes quantisation straight through, up to the ends of the range, and layouts of codes with it', async () => {
    const b = new GraphBuilder('quantised');
    b.input('x', 'float32', [2, 2]);
    const scale = b.initializer('scale', tensorFrom('float32', [0.5], []));
    const zero = b.initializer('zero', tensorFrom('uint8', [128], []));
    const codes = b.op('Transpose', [b.op('QuantizeLinear', ['x', scale, zero])], { perm: [1, 0] });
    const restored = b.op('DequantizeLinear', [codes, scale, zero]);
    b.node('ReduceSum', [b.op('Mul', [restored, restored])], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['x'] });
    // Codes 0 … 255 stand for −64 … 63.5: 1.6 becomes 1.5, and 70 is cut off.
    const outputs = await runGraph(graph, { x: tensorFrom('float32', [1.6, -3, 70, 63.5], [2, 2]) });
    expect([...outputs[gradients.get('x')!]]).toEqual([3, -6, 0, 127]);
  });

  it('names what works on codes of quantised numbers, and recurrent operators, as the cause', () => {
    const b = new GraphBuilder('integers');
    b.input('x', 'float32', [1, 1, 4]);
    const one = b.initializer('one', tensorFrom('float32', [1], []));
    const zero = b.initializer('zero', tensorFrom('uint8', [0], []));
    const codes = b.op('QuantizeLinear', ['x', one, zero]);
    const product = b.op('MatMulInteger', [codes, b.initializer('w', tensorFrom('uint8', [1, 1, 1, 1], [4, 1]))]);
    const pooled = b.op('DequantizeLinear', [b.op('MaxPool', [codes], { kernel_shape: [4] }), one, zero]);
    const weights = ['w1', 'r1'].map((name) =>
      b.initializer(name, tensorFrom('float32', Array(16).fill(1), [1, 4, 4])),
    );
    const [sequence] = b.ops('LSTM', ['x', ...weights], 1, { hidden_size: 1 });
    const parts = [b.op('Cast', [product], { to: 1 }), pooled, sequence].map((value) =>
      b.op('ReduceSum', [value], { keepdims: 0 }),
    );
    b.node('Sum', parts, ['loss']);
    b.output('loss', 'float32', []);
    expect(differentiability(b.build()).unsupported.map(({ opType, reason }) => `${opType}: ${reason}`)).toEqual([
      'MatMulInteger: it computes with quantised numbers',
      'MaxPool: it computes with quantised numbers',
      'LSTM: recurrent operators have no derivative here',
    ]);
  });

  it('refuses where every way ends at whole numbers, and names where', () => {
    const b = new GraphBuilder('steps');
    b.input('x', 'float32', [2]);
    const steps = b.op('Cast', [b.op('Cast', ['x'], { to: 7 })], { to: 1 });
    b.node('ReduceSum', [steps], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    expect(() => differentiate(b.build(), { output: 'loss', by: ['x'] })).toThrow(
      /Cast \('Cast_node'\): its derivative is zero wherever it exists, and no other way leads through the graph/,
    );
  });

  it('notices that the branches of an If take the image from around them', () => {
    const branch = new GraphBuilder('branch');
    branch.output(branch.op('Relu', ['x']), 'float32', [2]);
    const inner = branch.build();
    const b = new GraphBuilder('outer');
    b.input('x', 'float32', [2]);
    b.input('flag', 'bool', []);
    const y = b.op('If', ['flag'], {
      then_branch: { kind: 'graph', value: inner },
      else_branch: { kind: 'graph', value: inner },
    });
    b.node('ReduceSum', [b.op('Add', [y, 'x'])], ['loss'], { keepdims: 0 });
    b.output('loss', 'float32', []);
    expect(() => differentiate(b.build(), { output: 'loss', by: ['x'] })).toThrow(
      /If \('If_node'\): operators with inner graphs have no derivative here/,
    );
  });

  it.each(['Slice', 'Pad', 'Gather', 'Split', 'Concat', 'Squeeze', 'DepthToSpace', 'AveragePool', 'Conv'])(
    'keeps its gradient through the transpose optimizer of ONNX Runtime: %s between transposes',
    async (opType) => {
      const b = new GraphBuilder('transposed');
      b.input('x', 'float32', [1, 5, 6, 4]);
      const image = b.op('Relu', [b.op('Transpose', ['x'], { perm: [0, 3, 1, 2] })]);
      const made = between(b, opType, image);
      const y = b.op('Sigmoid', [b.op('Transpose', [b.op('Sigmoid', [made])], { perm: [0, 2, 3, 1] })]);
      b.node('ReduceSum', [y], ['loss'], { keepdims: 0 });
      b.output('loss', 'float32', []);
      const { graph, gradients } = differentiate(b.build(), { output: 'loss', by: ['x'] });
      const x = tensorFrom(
        'float32',
        Array.from({ length: 120 }, (_, i) => Math.sin(3 * i + 1)),
        [1, 5, 6, 4],
      );
      const name = gradients.get('x')!;
      const optimized = (await runGraph(graph, { x }))[name];
      const plain = (await runOnnx(modelOf(graph), { x }))[name].values;
      expect(relativeError(optimized, plain)).toBeLessThan(1e-6);
    },
  );
});

/** An operator on an image [1, 4, 5, 6] of which the result is an image again. */
function between(b: GraphBuilder, opType: string, image: string): string {
  switch (opType) {
    case 'Slice':
      return b.op('Slice', [image, b.ints([1, 0]), b.ints([4, 6]), b.ints([2, 3]), b.ints([1, 2])]);
    case 'Pad':
      return b.op('Pad', [image, b.ints([0, 0, 0, 1, 0, 0, 0, 2])]);
    case 'Gather':
      return b.op('Gather', [image, b.ints([2, 0, 2])], { axis: 1 });
    case 'Split':
      return b.ops('Split', [image, b.ints([2, 4])], 2, { axis: 3 })[1];
    case 'Concat':
      return b.op('Concat', [image, b.op('Neg', [image])], { axis: 2 });
    case 'Squeeze':
      return b.op('Unsqueeze', [b.op('Squeeze', [image, b.ints([0])]), b.ints([0])]);
    case 'DepthToSpace':
      return b.op('DepthToSpace', [image], { blocksize: 2 });
    case 'AveragePool':
      return b.op('AveragePool', [image], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] });
    default: {
      const weights = Array.from({ length: 2 * 4 * 9 }, (_, i) => Math.cos(i));
      return b.op('Conv', [image, b.initializer('w', tensorFrom('float32', weights, [2, 4, 3, 3]))], {
        strides: [2, 2],
      });
    }
  }
}
