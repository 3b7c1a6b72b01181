import { expect, it } from 'vitest';
import { createGrid } from '../sets/grid.ts';
import { fakeClassifier } from '../testing/fake-classifier.ts';
import type { Transformation } from '../transform/transformation.ts';
import { createAnswerer } from './answer.ts';
import { settle } from './settle.ts';
import { smallestFooling } from './smallest-fooling.ts';

const SHAPE = { channels: 1, height: 1, width: 1 };
const GRID = createGrid({ tx: 3, ty: 3, angle: 30 });
const TARGET = { index: 0, label: 0, pixels: new Float32Array(1), shape: SHAPE };

async function smallest(margin: (t: Transformation) => number, budget = { left: 1e6 }) {
  const classifier = fakeClassifier(SHAPE, 2, (_, [t]) => [margin(t), 0]);
  const [found] = await settle([TARGET], [smallestFooling(GRID, budget)], createAnswerer(classifier));
  return { ...found.get('smallest')!, calls: classifier.calls };
}

it('finds the least rotation that fools where a search from the corners ends at the largest', async () => {
  const { robust, worst, calls } = await smallest(({ angle }) => 11 - Math.abs(angle));
  expect(robust).toBe(false);
  expect(worst.transformation).toEqual({ tx: 0, ty: 0, angle: -12 });
  expect(calls).toBeLessThan(40);
});

it('takes a hole among fooling points for what it is: the smallest point counts, not an edge', async () => {
  const { worst } = await smallest(({ angle, tx, ty }) =>
    Math.abs(angle) === 6 && tx === 0 && ty === 0 ? -1 : 1 - (Math.abs(angle) > 20 ? 2 : 0),
  );
  expect(Math.abs(worst.transformation.angle)).toBe(6);
});

it('chooses the highest loss among points of equal size, and the least sum of shares before that', async () => {
  const all = await smallest(({ tx, angle }) => (angle === 20 ? -2 : tx === 1.5 && angle === -20 ? -9 : 1));
  expect(all.worst.transformation).toEqual({ tx: 0, ty: 0, angle: 20 });
  const both = await smallest(({ angle }) => (angle === 20 ? -2 : angle === -20 ? -3 : 1));
  expect(both.worst.transformation).toEqual({ tx: 0, ty: 0, angle: -20 });
});

it('finds nothing where nothing fools, and nothing once the budget is spent', async () => {
  expect(await smallest(() => 1)).toMatchObject({ robust: true, calls: 775 });
  const spent = await smallest(({ angle }) => 25 - Math.abs(angle), { left: 40 });
  expect(spent.robust).toBe(true);
  expect(spent.calls).toBeLessThanOrEqual(40);
});
