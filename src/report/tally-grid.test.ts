import { expect, it } from 'vitest';
import { createGrid } from '../sets/grid.ts';
import { accuracyAtAngles, accuracyAtShifts, tallyGrid } from './tally-grid.ts';

/** tx −1, 0, 1; ty −2, 2; angles −30, 0, 30: 18 points, the angle fastest, then ty. */
const grid = createGrid({ tx: 1, ty: 2, angle: 30 }, { tx: 3, ty: 2, angle: 3 });

async function* images(...fooledBy: readonly ((t: { tx: number; ty: number; angle: number }) => boolean)[]) {
  for (const fools of fooledBy)
    yield Float32Array.from({ length: grid.length }, (_, i) => (fools(grid.point(i)) ? -1 : 1));
}

it('counts by point, by angle, by shift and by the number of fooling points', async () => {
  const tally = await tallyGrid(
    'grid',
    grid,
    images(
      () => false,
      ({ angle }) => angle === 30,
      ({ tx, ty }) => tx === 1 && ty === -2,
      () => true,
    ),
  );
  expect(tally.n).toBe(4);
  expect([...tally.imagesByFooling]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const angles = accuracyAtAngles(tally);
  // At 30° the first image and, except at (1, −2), the third are right.
  expect(angles.mean).toEqual([17 / 24, 17 / 24, 11 / 24]);
  expect(angles.every).toEqual([0.5, 0.5, 0.25]);
  expect(angles.unshifted).toBeUndefined();
  const shifts = accuracyAtShifts(tally);
  // Rows are ty = −2, 2; columns tx = −1, 0, 1.
  expect(shifts.every).toEqual([0.5, 0.5, 0.25, 0.5, 0.5, 0.5]);
  expect(shifts.mean.map((share) => Math.round(share * 12))).toEqual([8, 8, 5, 8, 8, 8]);
});

it('knows the accuracy without a shift where the grid has that point', async () => {
  const centred = createGrid({ tx: 1, ty: 1, angle: 30 }, { tx: 3, ty: 3, angle: 3 });
  async function* one() {
    yield Float32Array.from({ length: 27 }, (_, i) =>
      centred.point(i).tx === 0 && centred.point(i).ty === 0 && centred.point(i).angle === -30 ? -1 : 1,
    );
  }
  expect(accuracyAtAngles(await tallyGrid('grid', centred, one())).unshifted).toEqual([0, 1, 1]);
});

it('takes a wrong candidate of loss zero as wrong', async () => {
  const point = createGrid({ tx: 0, ty: 0, angle: 0 });
  async function* zeros() {
    yield Float32Array.of(-0);
    yield Float32Array.of(0);
  }
  expect([...(await tallyGrid('grid', point, zeros())).imagesByFooling]).toEqual([1, 1]);
});

it('refuses losses of another grid', async () => {
  async function* short() {
    yield new Float32Array(5);
  }
  await expect(tallyGrid('grid', grid, short())).rejects.toThrow('internal: 5 losses kept for the 18 points of grid');
});
