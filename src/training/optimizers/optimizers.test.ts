import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import { tensorFrom } from '../../onnx/tensor.ts';
import { randomStream } from '../../random/stream.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { adamCorrections, adamw, adamwGraph } from './adamw.ts';
import { updateAverage } from './averaging.ts';
import type { Optimizer, OptimizerGraph } from './optimizer.ts';
import { kernelOf, sideBySide } from './sgd-kernel.ts';
import { sgd, sgdGraph } from './sgd.ts';

/** The same updates as a graph, each value a tensor of its own. */
async function threeStepsAsGraph(graph: OptimizerGraph): Promise<number[]> {
  const moved = await Promise.all(
    [
      { start: 1, factor: 0.5, decay: 0.1 },
      { start: -2, factor: -0.25, decay: 0 },
    ].map(async ({ start, factor, decay }) => {
      const b = new GraphBuilder('updates');
      let memories: readonly string[] = Array.from({ length: graph.memories }, () => b.constant([0], [1]));
      let parameters = b.input('p', 'float32', [1]);
      for (let step = 0; step < 3; step++) {
        const [correction1, correction2] = adamCorrections(step).map((value) => b.constant(value));
        const gradient = b.constant([factor * (step + 1)], [1]);
        const values = { parameters, gradient, memories, decay, scale: 1, rate: b.constant(0.1) };
        ({ parameters, memories } = graph.update(b, { ...values, correction1, correction2 }));
      }
      b.outputAs('moved', parameters, 'float32', [1]);
      return (await runGraph(b.build(), { p: tensorFrom('float32', [start]) })).moved[0];
    }),
  );
  return moved;
}

/** Three updates of [1, −2] under the gradient [0.5, −0.25] · (step + 1), weight decay 0.1 on the first value only. */
function threeSteps(optimizer: Optimizer): number[] {
  const p = Float32Array.of(1, -2);
  const memory = Array.from({ length: optimizer.memories }, () => new Float32Array(2));
  const ranges = [
    { start: 0, end: 1, decay: 0.1, scale: 1 },
    { start: 1, end: 2, decay: 0, scale: 1 },
  ];
  for (let step = 0; step < 3; step++)
    optimizer.update(p, Float32Array.of(0.5 * (step + 1), -0.25 * (step + 1)), memory, step, 0.1, ranges);
  return [...p];
}

// Expected values: torch.optim of PyTorch 2.13 in float64 on the same numbers (tools/reference/optimizers.py).
describe('optimizers', () => {
  const plain = { momentum: 0.9, nesterov: false };
  const nesterov = { momentum: 0.9, nesterov: true };
  it.each([
    ['SGD with momentum', sgd(plain), sgdGraph(plain), [0.471774, -1.76225]],
    ['SGD with Nesterov momentum', sgd(nesterov), sgdGraph(nesterov), [0.201668646, -1.636025]],
    ['AdamW', adamw(), adamwGraph(), [0.6809358610891806, -1.7076816832227353]],
  ])('%s moves as in PyTorch, as a loop and as a graph', async (_, optimizer, graph, expected) => {
    threeSteps(optimizer).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    (await threeStepsAsGraph(graph)).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });
});

describe('SGD on vectors side by side', () => {
  it.each([true, false])('moves them by the same bits as any others, Nesterov: %s', (nesterov) => {
    const length = 4099;
    const random = (name: string) => Float32Array.from({ length }, (_, i) => randomStream(0, name).normal4(i, 0)[0]);
    // Stretches that begin and end anywhere, also within one round of four values.
    const ranges = [
      { start: 0, end: 1001, decay: 0.1, scale: 1 },
      { start: 1001, end: 1003, decay: 0, scale: 1 },
      { start: 1003, end: length, decay: 5e-4, scale: 1 },
    ];
    const apart = ['p', 'g', 'v'].map(random);
    const together = sideBySide(3, length);
    together.forEach((vector, i) => vector.set(apart[i]));
    expect(kernelOf(...together)).toBeDefined();
    expect(kernelOf(...apart)).toBeUndefined();
    for (const [p, g, v] of [apart, together])
      for (let step = 0; step < 3; step++) sgd({ momentum: 0.9, nesterov }).update(p, g, [v], step, 0.01, ranges);
    expect(together).toEqual(apart);
    expect(together[0]).not.toEqual(random('p'));
  });
});

describe('updateAverage', () => {
  it('warms up from 1/10 to the full decay', () => {
    const average = Float32Array.of(0);
    updateAverage(average, Float32Array.of(1), 0.999, 0);
    expect(average[0]).toBeCloseTo(0.9, 6);
    updateAverage(average, Float32Array.of(1), 0.5, 1000);
    expect(average[0]).toBeCloseTo(0.95, 6);
  });
});
