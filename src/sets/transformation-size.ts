import type { Transformation } from '../transform/transformation.ts';
import type { Box } from './box.ts';
import type { Grid } from './grid.ts';

/** The size of a transformation in a box: the largest share of a limit that it takes, in [0, 1] inside the box. */
export function sizeIn(box: Box, t: Transformation): number {
  const [x, y, turn] = sharesIn(box, t);
  return Math.max(x, y, turn);
}

/**
 * Orders transformations by how little they are: by the largest share of a limit that they take, then by the sum of the
 * shares, so that a rotation alone comes before the same rotation with a shift.
 *
 * @returns a negative number where `a` is less than `b`, 0 where neither is
 */
export function compareSizes(box: Box, a: Transformation, b: Transformation): number {
  return apart(sizeIn(box, a), sizeIn(box, b)) || apart(sumIn(box, a), sumIn(box, b));
}

function sharesIn(box: Box, t: Transformation): readonly [x: number, y: number, turn: number] {
  const share = (key: keyof Box): number => (t[key] === 0 ? 0 : Math.abs(t[key]) / box[key]);
  return [share('tx'), share('ty'), share('angle')];
}

function sumIn(box: Box, t: Transformation): number {
  const [x, y, turn] = sharesIn(box, t);
  return x + y + turn;
}

/** Grid points that are equal on paper differ in the last digits. */
function apart(a: number, b: number): number {
  return a === b || Math.abs(a - b) < 1e-9 ? 0 : a - b;
}

/** The order of growing size of a grid's points: by `compareSizes`, ties by index. */
export function smallestFirst(grid: Grid, box: Box): Uint32Array {
  // Rounded once, since a comparison has to be transitive and 20,000 points are compared 300,000 times.
  const rounded = (measure: (box: Box, t: Transformation) => number): Float64Array =>
    Float64Array.from({ length: grid.length }, (_, i) => Math.round(1e9 * measure(box, grid.point(i))));
  const [sizes, sums] = [rounded(sizeIn), rounded(sumIn)];
  return Uint32Array.from({ length: grid.length }, (_, i) => i).sort(
    (a, b) => sizes[a] - sizes[b] || sums[a] - sums[b] || a - b,
  );
}
