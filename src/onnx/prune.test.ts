import { describe, expect, test } from 'vitest';
import { modelOf, runOnnx } from '../testing/onnx.ts';
import { GraphBuilder } from './builder.ts';
import { foldConstants } from './fold.ts';
import type { Graph } from './graph.ts';
import { pruneGraph } from './prune.ts';
import { tensorFrom } from './tensor.ts';

const operators = (graph: Graph) => graph.nodes.map((node) => node.opType);

describe('pruneGraph', () => {
  const b = new GraphBuilder('net');
  const x = b.input('x', 'float32', ['N', 3]);
  b.input('unused', 'float32', [1]);
  b.node('Mul', [x, b.initializer('two', tensorFrom('float32', [2], []))], ['doubled']);
  b.node('Add', ['doubled', b.initializer('one', tensorFrom('float32', [1], []))], ['y']);
  b.node('Relu', [x], ['nowhere']);
  const inner = new GraphBuilder('branch');
  inner.outputAs('from-around', 'doubled', 'float32');
  const branch = { kind: 'graph' as const, value: inner.build() };
  b.node('If', [b.initializer('true', tensorFrom('bool', [1], []))], ['z'], {
    then_branch: branch,
    else_branch: branch,
  });
  b.output('y', 'float32', ['N', 3]);
  b.output('z', 'float32', ['N', 3]);
  const graph = b.build();

  test('only what an inner value needs stays, with its type and shape', () => {
    const pruned = pruneGraph(graph, ['doubled']);
    expect(operators(pruned)).toEqual(['Mul']);
    expect([...pruned.initializers.keys()]).toEqual(['two']);
    expect(pruned.outputs).toEqual([{ name: 'doubled', type: 'float32', shape: ['N', 3] }]);
    expect(pruned.inputs).toEqual(graph.inputs);
  });

  test('by default the outputs stay, in order, and dead nodes go', () => {
    expect(operators(pruneGraph(graph))).toEqual(['Mul', 'Add', 'If']);
    expect(pruneGraph(graph, ['z', 'y']).outputs.map(({ name }) => name)).toEqual(['z', 'y']);
  });

  test('what inner graphs take from around them stays', () => {
    expect(operators(pruneGraph(graph, ['z']))).toEqual(['Mul', 'If']);
  });

  test('the pruned graph runs', async () => {
    const feeds = { x: tensorFrom('float32', [1, 2, 3], [1, 3]), unused: tensorFrom('float32', [0]) };
    expect(await runOnnx(modelOf(pruneGraph(graph, ['y'])), feeds)).toEqual({ y: { dims: [1, 3], values: [3, 5, 7] } });
  });
});

describe('foldConstants', () => {
  test('constants, copies of them and known shape arithmetic become initializers', () => {
    const b = new GraphBuilder('net');
    const x = b.input('x', 'float32', ['N', 3, 4]);
    const w = b.op('Identity', [b.initializer('w', tensorFrom('float32', [2], []))]);
    const scaled = b.op('Mul', [b.op('Mul', [x, w]), b.op('Constant', [], { value: tensorFrom('float32', [3], []) })]);
    const size = b.op('Gather', [b.op('Shape', [x]), b.ints([2])]);
    b.outputAs(
      'y',
      b.op('Reshape', [scaled, b.op('Concat', [b.ints([-1]), b.op('Mul', [size, b.ints([3])])], { axis: 0 })]),
      'float32',
    );
    const folded = foldConstants(b.build());
    expect(operators(folded)).toEqual(['Mul', 'Mul', 'Reshape', 'Identity']);
    expect(folded.initializers.get(folded.nodes[2].inputs[1])).toEqual(tensorFrom('int64', [-1, 12]));
    expect(folded.initializers.size).toBe(3);
  });

  test('what depends on a free size stays', () => {
    const b = new GraphBuilder('net');
    const x = b.input('x', 'float32', ['N', 3]);
    b.outputAs('y', b.op('Expand', [b.constant(1), b.op('Shape', [x])]), 'float32');
    expect(operators(foldConstants(b.build()))).toEqual(['Shape', 'Expand', 'Identity']);
  });

  test('an output stays the output of a node', () => {
    const b = new GraphBuilder('net');
    b.node('Constant', [], ['y'], { value_int: 3 });
    b.output('y', 'int64', []);
    expect(operators(foldConstants(b.build()))).toEqual(['Constant']);
  });
});
