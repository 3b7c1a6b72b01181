import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random/stream.ts';
import { boxHolds, createBox, paperTranslation, restrictBox } from './box.ts';
import { drawTransformation } from './draws.ts';
import { coarseFirst, createGrid, extremesFirst, farthestFirst } from './grid.ts';

const CIFAR = { channels: 3, height: 32, width: 32 };

describe('createBox', () => {
  it("takes the paper's limits by size, and pixels or percent", () => {
    expect(createBox(CIFAR, 30)).toEqual({ tx: 3, ty: 3, angle: 30 });
    expect(paperTranslation({ channels: 1, height: 28, width: 28 })).toBe(3);
    expect(paperTranslation({ channels: 3, height: 224, width: 224 })).toBe(24);
    expect(createBox({ channels: 3, height: 20, width: 40 }, 15, { unit: '%', value: 10 })).toEqual({
      tx: 4,
      ty: 2,
      angle: 15,
    });
  });

  it('refuses limits out of range by name', () => {
    expect(() => createBox(CIFAR, 181)).toThrow(/rotation: got 181°, allowed are 0° to 180°/);
    expect(() => createBox(CIFAR, NaN)).toThrow(/rotation/);
    expect(() => createBox(CIFAR, 30, { unit: 'px', value: -1 })).toThrow(/translation: got -1px/);
    expect(() => createBox(CIFAR, 30, { unit: '%', value: 101 })).toThrow(/translation: got 101%/);
  });
});

describe('createGrid', () => {
  it("is the paper's 775 points, ends and identity included", () => {
    const grid = createGrid(createBox(CIFAR, 30));
    expect(grid.length).toBe(775);
    expect(grid.axes.tx).toEqual([-3, -1.5, 0, 1.5, 3]);
    expect(grid.axes.angle).toEqual(Array.from({ length: 31 }, (_, i) => 2 * i - 30));
    const points = Array.from({ length: 775 }, (_, i) => grid.point(i));
    expect(points[0]).toEqual({ tx: -3, ty: -3, angle: -30 });
    expect(points[774]).toEqual({ tx: 3, ty: 3, angle: 30 });
    expect(points.filter((t) => t.tx === 0 && t.ty === 0 && t.angle === 0)).toHaveLength(1);
    expect(new Set(points.map((t) => `${t.tx},${t.ty},${t.angle}`)).size).toBe(775);
  });

  it('has rotation-only and translation-only parts', () => {
    const box = createBox(CIFAR, 30);
    expect(createGrid(box, undefined, 'rotation').length).toBe(31);
    expect(createGrid(box, undefined, 'translation').length).toBe(25);
    expect(createGrid(restrictBox(box, 'rotation')).length).toBe(31);
  });

  it('refuses sizes that are not whole', () => {
    expect(() => createGrid(createBox(CIFAR, 30), { tx: 5, ty: 0, angle: 31 })).toThrow(/grid points along ty: got 0/);
  });

  it('tries the corners first and every point once', () => {
    const grid = createGrid(createBox(CIFAR, 30));
    const order = extremesFirst(grid);
    for (const i of order.slice(0, 8)) {
      const t = grid.point(i);
      expect([Math.abs(t.tx), Math.abs(t.ty), Math.abs(t.angle)]).toEqual([3, 3, 30]);
    }
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 775 }, (_, i) => i));
  });
});

describe('farthestFirst', () => {
  it('has in front points that lie as far apart as can be, then the others from the rim to the middle', () => {
    const angles = createGrid({ tx: 0, ty: 0, angle: 30 }, { tx: 1, ty: 1, angle: 9 });
    const inDegrees = (points: Uint32Array): number[] => Array.from(points, (i) => angles.point(i).angle);
    expect(inDegrees(farthestFirst(angles, 4))).toEqual([-30, 30, 0, -15, -22.5, 22.5, 15, -7.5, 7.5]);
    const box = createGrid({ tx: 3, ty: 3, angle: 30 }, { tx: 3, ty: 3, angle: 3 });
    const signs = Array.from(farthestFirst(box, 8).slice(0, 8), (i) => {
      const { tx, ty, angle } = box.point(i);
      return [tx / 3, ty / 3, angle / 30];
    });
    // Squared distances to the nearest of those before: 12, then 5 three times, then 2 three times.
    expect(signs).toEqual([
      [-1, -1, -1],
      [1, 1, 1],
      [-1, 0, 1],
      [0, 1, -1],
      [1, -1, 0],
      [-1, 1, 0],
      [0, -1, 1],
      [1, 0, -1],
    ]);
    expect([...farthestFirst(box, 99)].sort((a, b) => a - b)).toEqual(Array.from({ length: 27 }, (_, i) => i));
  });
});

describe('coarseFirst', () => {
  it('begins with every eighth point from the middle, halves that three times, and has each once', () => {
    const order = coarseFirst(createGrid({ tx: 3, ty: 0, angle: 30 }, { tx: 25, ty: 1, angle: 61 }));
    expect([...order].map(({ point }) => point).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1525 }, (_, i) => i),
    );
    // Rows 4, 12 and 20; columns 6, 14, …, 54: 3 × 7. Then 7 × 15, 13 × 31 and 25 × 61 in all.
    const upTo = (steps: number): number => order.filter((point) => point.steps >= steps).length;
    expect([upTo(8), upTo(4), upTo(2), upTo(1)]).toEqual([21, 105, 403, 1525]);
    expect(order[0]).toEqual({ point: 4 * 61 + 6, steps: 8 });
    expect(order.slice(0, 21).some(({ point }) => point === 12 * 61 + 30)).toBe(true);
  });
});

describe('drawTransformation', () => {
  it('lies in the box, projects with it and depends on the index alone', () => {
    const box = { tx: 3, ty: 2, angle: 30 };
    const stream = randomStream(0, 'draw');
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(100), (image, draw) => {
        const t = drawTransformation(box, stream, image, draw);
        expect(boxHolds(box, t)).toBe(true);
        expect(drawTransformation(restrictBox(box, 'rotation'), stream, image, draw)).toEqual({
          tx: 0,
          ty: 0,
          angle: t.angle,
        });
        expect(drawTransformation(restrictBox(box, 'translation'), stream, image, draw)).toEqual({
          tx: t.tx,
          ty: t.ty,
          angle: 0,
        });
      }),
    );
  });
});
