import { expect, it } from 'vitest';
import { QuadraticSurface } from './quadratic-surface.ts';

it('gives what NumPy gives: mean and deviation of Bayesian linear regression', () => {
  const surface = new QuadraticSurface();
  surface.add(-1, -1, -1, -3);
  surface.add(1, 1, 1, 2);
  surface.add(-1, 0, 1, 0);
  surface.add(0, 0.5, -1, 1);
  const bound = surface.upperBound();
  // X the terms of the four points, z their values less the mean over their deviation, f the terms of the point asked
  // for: f @ solve(X.T @ X + I/10, X.T @ z) + sqrt(f @ solve(X.T @ X + I/10, f) / 10)
  expect(bound(0, 0, 0)).toBeCloseTo(0.9351349098105264, 10);
  expect(bound(1, 1, 1)).toBeCloseTo(1.3642982125046461, 10);
  expect(bound(1, -1, 0.5)).toBeCloseTo(2.6343251763733955, 10);
  expect(bound(-1, -1, -1)).toBeCloseTo(-1.260388980926418, 10);
});

it('rises with a quadratic that it was told at enough points', () => {
  const surface = new QuadraticSurface();
  const value = (x: number, y: number, z: number): number => 1 - (x - 0.5) ** 2 - 2 * (y + 0.25) ** 2 + x * z;
  const steps = [-1, -0.5, 0, 0.5, 1];
  for (const x of steps) for (const y of steps) for (const z of steps) surface.add(x, y, z, value(x, y, z));
  const bound = surface.upperBound();
  // On the face z = 1 the slope along x is 1 − 2 (x − ½), along y −4 (y + ¼): the peak is at x = 1, y = −¼.
  for (const [x, y] of [
    [0.5, -0.25],
    [1, 0.25],
    [1, -0.75],
    [0, -0.25],
  ])
    expect(bound(x, y, 1)).toBeLessThan(bound(1, -0.25, 1));
});

it('expects the most where least is known while all values are equal', () => {
  const surface = new QuadraticSurface();
  surface.add(1, 0, 0, -7);
  surface.add(1, 0, 0, -7);
  const bound = surface.upperBound();
  expect(bound(-1, 1, 1)).toBeGreaterThan(bound(1, 0, 0));
  expect(Number.isFinite(bound(0, 0, 0))).toBe(true);
});
