import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { differentiability } from './differentiability.ts';
import { differentiate } from './differentiate.ts';
import { runGraph } from '../testing/run-graph.ts';

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
  it('sums what reaches a value on several ways, and differentiates by inputs, initializers and inner values', async () => {
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
      /Round \('Round_node', 'Round_node_\d+'\): the operator has no derivative here/,
    );
    const { differentiable, unsupported } = differentiability(b.build());
    expect(differentiable).toBe(false);
    expect(unsupported.map((entry) => [entry.opType, entry.nodes.length])).toEqual([['Round', 2]]);
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
});
