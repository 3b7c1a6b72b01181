import { describe, expect, it } from 'vitest';
import { adamw } from './adamw.ts';
import { updateAverage } from './averaging.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** Three updates of [1, −2] under the gradient [0.5, −0.25] · (step + 1), weight decay 0.1 on the first value only. */
function threeSteps(optimizer: Optimizer): number[] {
  const p = Float32Array.of(1, -2);
  const memory = Array.from({ length: optimizer.memories }, () => new Float32Array(2));
  const ranges = [{ start: 0, end: 1, decay: 0.1 }, { start: 1, end: 2, decay: 0 }];
  for (let step = 0; step < 3; step++) optimizer.update(p, Float32Array.of(0.5 * (step + 1), -0.25 * (step + 1)), memory, step, 0.1, ranges);
  return [...p];
}

// Expected values: torch.optim of PyTorch 2.13 in float64 on the same numbers (tools/reference/optimizers.py).
describe('optimizers', () => {
  it.each([
    ['SGD with momentum', sgd({ momentum: 0.9, nesterov: false }), [0.471774, -1.76225]],
    ['SGD with Nesterov momentum', sgd({ momentum: 0.9, nesterov: true }), [0.201668646, -1.636025]],
    ['AdamW', adamw(), [0.6809358610891806, -1.7076816832227353]],
  ])('%s moves as in PyTorch', (_, optimizer, expected) => {
    threeSteps(optimizer).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
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
