import { expect, it } from 'vitest';
import { differentiate } from '../../gradients/differentiate.ts';
import { differentiability } from '../../gradients/differentiability.ts';
import { GraphBuilder } from '../builder.ts';
import type { Graph } from '../graph.ts';
import { tensorFrom } from '../tensor.ts';
import { runGraph } from '../../testing/run-graph.ts';

function lossOf(b: GraphBuilder, value: string): Graph {
  b.node('ReduceSum', [value], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return b.build();
}

it('MatMulNBits with weights of 4 bits: the gradient is g times the weights in floating-point', async () => {
  const b = new GraphBuilder('bits');
  b.input('x', 'float32', [1, 16]);
  // Two columns of one block of 16: codes 0 … 15 and 15 … 0, less the default zero point 8, times the scale.
  const codes = (at: (i: number) => number) => Array.from({ length: 8 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 4));
  const weights = tensorFrom('uint8', [...codes((i) => i), ...codes((i) => 15 - i)], [2, 1, 8]);
  const y = b.op(
    'MatMulNBits',
    ['x', b.initializer('w', weights), b.initializer('s', tensorFrom('float32', [0.5, 2]))],
    { K: 16, N: 2, bits: 4, block_size: 16 },
    'com.microsoft',
  );
  const { graph, gradients } = differentiate(lossOf(b, y), { output: 'loss', by: ['x'] });
  const outputs = await runGraph(graph, { x: tensorFrom('float32', Array<number>(16).fill(1), [1, 16]) });
  const expected = Array.from({ length: 16 }, (_, i) => 0.5 * (i - 8) + 2 * (15 - i - 8));
  expect([...outputs[gradients.get('x')!]].map((v) => Math.round(v * 1e4) / 1e4)).toEqual(expected);
});

it('what a fused operator does that its expansion does not cover is named', () => {
  const b = new GraphBuilder('packed');
  b.input('x', 'float32', [1, 4, 2, 3, 8]);
  const y = b.op('MultiHeadAttention', ['x'], { num_heads: 2 }, 'com.microsoft');
  expect(differentiability(lossOf(b, y)).unsupported).toEqual([
    {
      opType: 'com.microsoft.MultiHeadAttention',
      nodes: ['MultiHeadAttention_node'],
      reason: 'its queries, keys and values are packed into one',
    },
  ]);
});

it('fused operators in a row, the second of which needs the shape that the first one makes', async () => {
  const b = new GraphBuilder('row');
  b.input('x', 'float32', ['n', 2, 3]);
  const first = b.op('BiasGelu', ['x', b.initializer('bias', tensorFrom('float32', [0, 0, 0]))], {}, 'com.microsoft');
  const y = b.op('FusedMatMul', [first, first], { transB: 1, alpha: 1 }, 'com.microsoft');
  const { graph, gradients } = differentiate(lossOf(b, y), { output: 'loss', by: ['x'] });
  const outputs = await runGraph(graph, { x: tensorFrom('float32', [9, 8, 7, 6, 5, 4], [1, 2, 3]) });
  // Far above zero Gelu(x) = x: the loss is Σ over columns (x₀ + x₁)², the gradient 2 (x₀ + x₁).
  expect([...outputs[gradients.get('x')!]].map((v) => Math.round(v))).toEqual([30, 26, 22, 30, 26, 22]);
});
