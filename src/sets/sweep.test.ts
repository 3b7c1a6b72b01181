import { describe, expect, it } from 'vitest';
import { sweepThrough } from './sweep.ts';

const box = { tx: 3, ty: 6, angle: 30 };

describe('sweepThrough', () => {
  it('turns from limit to limit at the shift, with the one that it goes through at its place', () => {
    const sweep = sweepThrough(box, { tx: 1, ty: -2, angle: 4 });
    expect(sweep.map(({ angle }) => angle)).toEqual([-30, -25, -20, -15, -10, -5, 0, 4, 5, 10, 15, 20, 25, 30]);
    expect(sweep.every(({ tx, ty }) => tx === 1 && ty === -2)).toBe(true);
    expect(sweepThrough(box, { tx: 1, ty: -2, angle: -25 })).toHaveLength(13);
  });

  it('shifts along a line where nothing turns, as far as the box goes', () => {
    const sweep = sweepThrough({ ...box, angle: 0 }, { tx: 1.5, ty: 1, angle: 0 });
    expect(sweep).toHaveLength(13);
    expect([sweep[0], sweep[6], sweep[9], sweep[12]]).toEqual([
      { tx: -3, ty: -2, angle: 0 },
      { tx: 0, ty: 0, angle: 0 },
      { tx: 1.5, ty: 1, angle: 0 },
      { tx: 3, ty: 2, angle: 0 },
    ]);
  });

  it('holds one outside of the box, which an attack of its own may find', () => {
    expect(sweepThrough(box, { tx: 0, ty: 0, angle: 180 }).at(-1)).toEqual({ tx: 0, ty: 0, angle: 180 });
    expect(sweepThrough({ tx: 0, ty: 0, angle: 0 }, { tx: 0, ty: 0, angle: 0 })).toHaveLength(1);
  });
});
