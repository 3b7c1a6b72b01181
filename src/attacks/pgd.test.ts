import { describe, expect, it } from 'vitest';
import { attackNamed, runAttack, type SmoothModel } from '../testing/attack-runs.ts';

describe('pgd', () => {
  const total = (values?: Float32Array) => (values ?? new Float32Array()).reduce((sum, value) => sum + value, 0);
  // Loss rises with the mean of the perturbation.
  const brightness = (scale: number): SmoothModel => ({
    loss: ({ perturbation }) => 0.5 + scale * total(perturbation),
    gradient: ({ perturbation }) => Array.from(perturbation ?? [], () => scale),
  });

  it('pgd-linf moves every pixel to the edge of the ball, inside [0, 1]', () => {
    const { finding, tried } = runAttack(attackNamed('pgd-linf@0.2'), brightness(0.1));
    const expected = [0.2, 0.2, 0.1, 0];
    finding.worst.perturbation?.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    expect(finding.robust).toBe(true);
    expect(tried).toBe(6);
  });

  it('pgd-l2 moves along the gradient to the edge of the ball', () => {
    const { finding } = runAttack(attackNamed('pgd-l2@0.1'), brightness(0.1));
    const length = Math.hypot(...(finding.worst.perturbation ?? []));
    expect(length).toBeLessThanOrEqual(0.1 + 1e-7);
    expect(length).toBeGreaterThan(0.09);
  });

  it('fools, confirms and keeps the perturbation', () => {
    const { finding } = runAttack(attackNamed('pgd-linf@0.2'), brightness(1.2));
    expect(finding.robust).toBe(false);
    expect(finding.worst.perturbation).toHaveLength(4);
  });
});
