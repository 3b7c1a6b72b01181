import { misuse } from '../errors/error.ts';
import { IDENTITY, type Transformation } from '../transform/transformation.ts';
import type { Box, Subset } from './box.ts';

/** Numbers of evenly spaced values along tx, ty and the angle. */
export interface GridSize {
  readonly tx: number;
  readonly ty: number;
  readonly angle: number;
}

/** The paper's: steps of 1.5 px, 1.5 px and 2° in the box (3, 3, 30°). */
export const PAPER_GRID: GridSize = { tx: 5, ty: 5, angle: 31 };

/**
 * The product of evenly spaced values over a box, ends included. Point `i` counts the angle fastest, then ty, then tx.
 */
export interface Grid {
  readonly box: Box;
  readonly size: GridSize;
  /** Values along each axis, ascending. */
  readonly axes: { readonly tx: readonly number[]; readonly ty: readonly number[]; readonly angle: readonly number[] };
  readonly length: number;
  point(index: number): Transformation;
}

/**
 * The points of a box at even distances along each of its axes, ends included.
 * @throws misuse if a number of points is not a whole number from 1 on
 */
export function createGrid(box: Box, size: GridSize = PAPER_GRID, subset: Subset = 'full'): Grid {
  for (const [name, count] of Object.entries(size) as [keyof GridSize, number][]) {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw misuse({
        code: 'grid-size',
        subject: `grid points along ${name}`,
        problem: `got ${count}, allowed are whole numbers from 1 on.`,
      });
    }
  }
  const axes = {
    tx: subset === 'rotation' ? [0] : spaced(box.tx, size.tx),
    ty: subset === 'rotation' ? [0] : spaced(box.ty, size.ty),
    angle: subset === 'translation' ? [0] : spaced(box.angle, size.angle),
  };
  const perTx = axes.ty.length * axes.angle.length;
  return {
    box,
    size: { tx: axes.tx.length, ty: axes.ty.length, angle: axes.angle.length },
    axes,
    length: axes.tx.length * perTx,
    point: (index) => ({
      tx: axes.tx[Math.floor(index / perTx)],
      ty: axes.ty[Math.floor(index / axes.angle.length) % axes.ty.length],
      angle: axes.angle[index % axes.angle.length],
    }),
  };
}

/** `count` evenly spaced values from −limit to limit; a single one is 0. A limit of 0 has one value. */
function spaced(limit: number, count: number): number[] {
  if (count === 1 || limit === 0) return [0];
  return Array.from({ length: count }, (_, i) => (limit * (2 * i - (count - 1))) / (count - 1) + 0);
}

/**
 * The points from the rim to the middle: those farthest from the identity first (distance with every limit scaled to
 * 1), ties by index.
 */
export function extremesFirst(grid: Grid): Uint32Array {
  const from = distances(grid);
  const square = Float64Array.from({ length: grid.length }, (_, i) => from(grid.point(i), IDENTITY));
  return Uint32Array.from({ length: grid.length }, (_, i) => i).sort((a, b) => square[b] - square[a] || a - b);
}

/**
 * The same with `count` points in front that lie as far apart as can be: each is the farthest from those before it, the
 * first one the first of all. Of a box these are two opposite corners, then the middles of the six edges between the
 * others.
 */
export function farthestFirst(grid: Grid, count: number): Uint32Array {
  const order = extremesFirst(grid);
  const between = distances(grid);
  // To the nearest of those chosen; of chosen ones 0.
  const nearest = new Float64Array(grid.length).fill(Infinity);
  for (let place = 0; place < Math.min(count, grid.length); place++) {
    let farthest = place;
    for (let other = place + 1; other < order.length; other++)
      if (nearest[order[other]] > nearest[order[farthest]]) farthest = other;
    const point = order[farthest];
    order.copyWithin(place + 1, place, farthest);
    order[place] = point;
    for (let i = 0; i < grid.length; i++) nearest[i] = Math.min(nearest[i], between(grid.point(i), grid.point(point)));
  }
  return order;
}

/** Squares of distances in a grid's box with every limit scaled to 1. */
function distances({ box }: Grid): (a: Transformation, b: Transformation) => number {
  const scaled = (difference: number, limit: number): number => (limit === 0 ? 0 : (difference / limit) ** 2);
  return (a, b) => scaled(a.tx - b.tx, box.tx) + scaled(a.ty - b.ty, box.ty) + scaled(a.angle - b.angle, box.angle);
}

/** How far apart, in steps of the grid, the points of the coarsest picture of it lie. */
const COARSEST = 8;

/** A point of a grid with the number of steps along each side that it stands for until finer points come. */
export interface CoarsePoint {
  readonly point: number;
  readonly steps: number;
}

/**
 * The order in which a picture of a grid comes out whole at once and grows finer: every eighth point along each axis,
 * counted from the middle, then every fourth, every second, all; by number where equal.
 */
export function coarseFirst(grid: Grid): CoarsePoint[] {
  const { tx, ty, angle } = grid.size;
  const steps = (i: number, count: number): number => {
    const distance = Math.abs(i - ((count - 1) >> 1));
    return distance % COARSEST === 0 ? COARSEST : distance & -distance;
  };
  return Array.from({ length: grid.length }, (_, point) => ({
    point,
    steps: Math.min(
      steps(Math.floor(point / (ty * angle)), tx),
      steps(Math.floor(point / angle) % ty, ty),
      steps(point % angle, angle),
    ),
  })).sort((a, b) => b.steps - a.steps || a.point - b.point);
}
