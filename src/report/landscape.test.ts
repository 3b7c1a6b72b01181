import { expect, it } from 'vitest';
import { createGrid } from '../sets/grid.ts';
import { landscapeFromGrid } from './landscape.ts';

it('slices the grid at the vertical shift of the worst point', () => {
  const grid = createGrid({ tx: 1, ty: 2, angle: 30 }, { tx: 2, ty: 3, angle: 2 });
  const values = Float32Array.from({ length: 12 }, (_, i) => i + 0.5);
  // The highest loss belongs to a right point; a wrong one beats it: tx = 1, ty = 0, angle = −30.
  const wrong = Array.from({ length: 12 }, (_, i) => grid.point(i)).findIndex((t) => t.tx === 1 && t.ty === 0 && t.angle === -30);
  values[wrong] *= -1;
  const landscape = landscapeFromGrid({ index: 8, label: 1, prediction: 1, attacks: {} }, grid, values);
  expect(landscape).toEqual({
    index: 8, label: 1, angles: [-30, 30], tx: [-1, 1], ty: 0,
    loss: [2.5, 3.5, 8.5, 9.5], correct: [1, 1, 0, 1],
    gridWorst: { tx: 1, ty: 0, angle: -30 },
  });
});
