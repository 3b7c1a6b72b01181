import { describe, expect, it } from 'vitest';
import { randomStream } from '../random/stream.ts';
import { project, randomPerturbation, stepUp } from './perturbation.ts';

describe('perturbations', () => {
  it('random starts lie in the ball and differ by restart', () => {
    const stream = randomStream(0, 'test');
    const linf = randomPerturbation(101, 'linf', 0.1, stream, 0, 0);
    expect(Math.max(...linf.map(Math.abs))).toBeLessThanOrEqual(0.1);
    const l2 = randomPerturbation(101, 'l2', 0.1, stream, 0, 0);
    expect(Math.hypot(...l2)).toBeLessThanOrEqual(0.1 + 1e-7);
    expect([...randomPerturbation(101, 'linf', 0.1, stream, 0, 1)]).not.toEqual([...linf]);
  });

  it('projection keeps what is inside as it is', () => {
    const perturbation = Float32Array.of(0.05, -0.05);
    project(perturbation, Float32Array.of(0.5, 0.5), 'linf', 0.1);
    expect(perturbation[0]).toBeCloseTo(0.05, 6);
    stepUp(perturbation, [0, 0], 'l2', 0.1);
    expect(perturbation[1]).toBeCloseTo(-0.05, 6);
  });
});
