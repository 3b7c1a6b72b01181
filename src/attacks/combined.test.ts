import { describe, expect, it } from 'vitest';
import { attackNamed, runAttack, type SmoothModel } from '../testing/attack-runs.ts';

describe('combined', () => {
  const total = (values?: Float32Array) => (values ?? new Float32Array()).reduce((sum, value) => sum + value, 0);
  it('combined tries every candidate transformation with noise of its own', () => {
    const model: SmoothModel = {
      loss: ({ transformation, perturbation }) => 0.3 + Math.abs(transformation.tx) / 10 + total(perturbation) / 10,
      gradient: ({ perturbation }) => Array.from(perturbation ?? [], () => 0.1),
    };
    const { finding, asks, tried } = runAttack(attackNamed('combined@0.1', { exhaustive: true }), model);
    expect(tried).toBe(4 * 6);
    expect(new Set(asks.map(({ probes }) => probes[0].transformation.tx)).size).toBe(4);
    expect(finding.exhaustive).toBe(24);
  });
});
