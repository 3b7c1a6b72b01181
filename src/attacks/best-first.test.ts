import { describe, expect, it } from 'vitest';
import { createGrid, type Grid, type GridSize } from '../sets/grid.ts';
import { runSearch } from '../testing/run-search.ts';
import type { Outcome, Probe, Target } from './attack.ts';
import { gridOrder } from './best-first.ts';
import { searchCandidates } from './candidates.ts';

const TARGET = { index: 0, label: 0, pixels: new Float32Array(1) } as unknown as Target;

/** Candidates in the order in which a search tries them, against a loss for each transformation. */
function tried(grid: Grid, loss: (probe: Probe) => number, exhaustive = false, order = gridOrder(grid, exhaustive)) {
  const answer = (probe: Probe): Outcome => {
    const value = loss(probe);
    return { predicted: value > 1 ? 1 : 0, loss: value };
  };
  const candidates = { length: grid.length, transformation: grid.point, order };
  const { probes, finding } = runSearch(searchCandidates(TARGET, candidates, { exhaustive }), answer);
  return { points: probes.map(({ candidate }) => candidate), finding };
}

/** A loss that is above 1 within a step or so of one point alone. */
function peak(at: number, grid: Grid): (probe: Probe) => number {
  const top = grid.point(at);
  return ({ transformation: t }) =>
    1.1 * Math.exp(-(((t.tx - top.tx) / 3) ** 2) - ((t.ty - top.ty) / 3) ** 2 - ((t.angle - top.angle) / 30) ** 2);
}

const SIZES: readonly GridSize[] = [
  { tx: 5, ty: 5, angle: 31 },
  { tx: 1, ty: 1, angle: 31 },
  { tx: 3, ty: 2, angle: 1 },
  { tx: 1, ty: 1, angle: 1 },
  { tx: 2, ty: 2, angle: 2 },
];

describe('gridOrder', () => {
  it.each(SIZES)('tries each point of $tx × $ty × $angle once', (size) => {
    const grid = createGrid({ tx: 3, ty: 3, angle: 30 }, size);
    const all = Array.from({ length: grid.length }, (_, i) => i);
    const bumpy = ({ candidate }: Probe): number => (candidate * 0.618) % 1;
    for (const loss of [bumpy, () => 0, () => 1])
      for (const exhaustive of [false, true])
        expect(tried(grid, loss, exhaustive).points.toSorted((a, b) => a - b)).toEqual(all);
  });

  it('tries each point of boxes without width once', () => {
    for (const box of [
      { tx: 0, ty: 3, angle: 30 },
      { tx: 0, ty: 0, angle: 0 },
    ]) {
      const grid = createGrid(box);
      expect(tried(grid, () => 0.5).points.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: grid.length }, (_, i) => i),
      );
    }
  });

  it('finds a peak anywhere by its slopes, in a few steps', () => {
    const grid = createGrid({ tx: 3, ty: 3, angle: 30 });
    const tries = Array.from({ length: grid.length }, (_, at) => tried(grid, peak(at, grid)).points.length);
    expect(Math.max(...tries)).toBeLessThanOrEqual(96);
    expect(tries.reduce((sum, n) => sum + n) / grid.length).toBeLessThan(24);
  });

  it('learns nothing from one search for the next', () => {
    const grid = createGrid({ tx: 3, ty: 3, angle: 30 });
    const order = gridOrder(grid, false);
    const alone = tried(grid, peak(400, grid)).points;
    tried(grid, peak(3, grid), false, order);
    expect(tried(grid, peak(400, grid), false, order).points).toEqual(alone);
  });

  it('goes on from a loss of nothing and from one without end', () => {
    const grid = createGrid({ tx: 3, ty: 3, angle: 30 });
    for (const loss of [0, Number.MIN_VALUE, 1e300]) {
      const answer = (): Outcome => ({ predicted: 0, loss });
      const candidates = { length: grid.length, transformation: grid.point, order: gridOrder(grid, false) };
      const { probes } = runSearch(searchCandidates(TARGET, candidates, { exhaustive: false }), answer);
      expect(new Set(probes.map(({ candidate }) => candidate)).size).toBe(775);
    }
  });
});
