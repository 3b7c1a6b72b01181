import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph } from '../onnx/graph.ts';
import { tensorFrom } from '../onnx/tensor.ts';
import { runGraph } from '../testing/run-graph.ts';
import { differentiate, differentiateByMeaning } from './differentiate.ts';

/** Overlapping windows of three; the second half of the values is negative, so that one maximum is zero. */
const X = tensorFrom('float32', [1, 3, 2, 3, -1, -2, -4], [1, 1, 7]);
const WINDOWS = { kernel_shape: [3], strides: [2] };

/** loss = Σ (j + 1) · y[j], y the maxima of what `body` makes of x. */
function pooled(body: (b: GraphBuilder) => string): Graph {
  const b = new GraphBuilder('pooled');
  b.input('x', 'float32', [1, 1, 7]);
  const maxima = b.op('MaxPool', [body(b)], WINDOWS);
  b.node('ReduceSum', [b.op('Mul', [maxima, b.constant([1, 2, 3], [1, 1, 3])])], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return b.build();
}

async function gradientsOf(graph: Graph, by: readonly string[]): Promise<number[][]> {
  const differentiated = differentiate(graph, { output: 'loss', by });
  const outputs = await runGraph(differentiated.graph, { x: X });
  return by.map((value) => [...outputs[differentiated.gradients.get(value)!]]);
}

/** Shapes of what is masked. */
function masked(graph: Graph, by: readonly string[] = ['x']): string[] {
  const { nodes } = differentiateByMeaning(graph, { output: 'loss', by }).graph;
  const isMaximum = (value: string): boolean =>
    nodes.some(({ opType, outputs }) => opType === 'MaxPool' && outputs[0] === value);
  return nodes.flatMap(({ opType, inputs }) =>
    opType === 'Positive' ? [isMaximum(inputs[0]) ? 'maximum' : 'all values'] : [],
  );
}

describe('a Relu whose values go into a MaxPool alone', () => {
  const rectified = pooled((b) => b.op('Relu', ['x']));

  it('is masked at the maxima: the first of equals takes the gradient, none where they are zero', async () => {
    expect(masked(rectified)).toEqual(['maximum']);
    // Windows: 1 3 2 | 2 3 -1 | -1 -2 -4.
    expect(await gradientsOf(rectified, ['x'])).toEqual([[0, 1, 0, 2, 0, 0, 0]]);
  });

  it('may be joined with others of the kind', async () => {
    const joined = pooled((b) =>
      b.op('Concat', [b.op('Relu', ['x']), b.op('Relu', [b.op('Neg', ['x'])])], { axis: 1 }),
    );
    expect(masked(joined)).toEqual(['maximum']);
    // Of −x the last window's maximum is 4 and the middle one's 1.
    expect(await gradientsOf(joined, ['x'])).toEqual([[0, 1, 0, 2, -2, 0, -3]]);
  });

  it('is masked itself where its values are asked about, are used twice or joined with others', async () => {
    const byItself = pooled((b) => {
      b.node('Relu', ['x'], ['r']);
      return 'r';
    });
    expect(masked(byItself, ['x', 'r'])).toEqual(['all values']);
    // The last window's maximum is zero: its first value takes the gradient by r.
    expect(await gradientsOf(byItself, ['x', 'r'])).toEqual([
      [0, 1, 0, 2, 0, 0, 0],
      [0, 1, 0, 2, 3, 0, 0],
    ]);
    const twice = pooled((b) => {
      const r = b.op('Relu', ['x']);
      return b.op('Concat', [r, r], { axis: 1 });
    });
    expect(masked(twice)).toEqual(['all values']);
    const mixed = pooled((b) => b.op('Concat', [b.op('Relu', ['x']), b.op('Abs', ['x'])], { axis: 1 }));
    expect(masked(mixed)).toEqual(['all values']);
    // Of |x| the last window's maximum is 4; the ones before are those of x.
    expect(await gradientsOf(mixed, ['x'])).toEqual([[0, 2, 0, 4, 0, 0, -3]]);
  });
});
