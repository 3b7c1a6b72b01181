import { isFooling } from '../statistics/exhaustive-value.ts';
import type { Grid } from '../sets/grid.ts';

/** What an exhaustive run found over a grid, summed over the images: its size depends on the grid alone. */
export interface GridTally {
  /** Name of the attack. */
  readonly attack: string;
  readonly axes: Grid['axes'];
  /** Number of images. */
  readonly n: number;
  /** Images that are right, by grid point (the angle fastest, then ty, then tx). */
  readonly correct: Uint32Array;
  /** Images that are right at every shift, by angle. */
  readonly correctAtAngle: Uint32Array;
  /** Images that are right at every angle, [ty, tx]. */
  readonly correctAtShift: Uint32Array;
  /** Images by the number of grid points that fool them, from 0 to all. */
  readonly imagesByFooling: Uint32Array;
}

/** @param losses of each image over the grid, as an exhaustive run keeps them (`exhaustiveValue`) */
export async function tallyGrid(attack: string, grid: Grid, losses: AsyncIterable<Float32Array>): Promise<GridTally> {
  const { tx, ty, angle } = grid.axes;
  const correct = new Uint32Array(grid.length);
  const correctAtAngle = new Uint32Array(angle.length);
  const correctAtShift = new Uint32Array(tx.length * ty.length);
  const imagesByFooling = new Uint32Array(grid.length + 1);
  let n = 0;
  for await (const values of losses) {
    if (values.length !== grid.length) {
      throw new Error(`internal: ${values.length} losses kept for the ${grid.length} points of ${attack}`);
    }
    const fooledAtAngle = new Uint8Array(angle.length);
    const fooledAtShift = new Uint8Array(tx.length * ty.length);
    let fooling = 0;
    let point = 0;
    for (let x = 0; x < tx.length; x++) {
      for (let y = 0; y < ty.length; y++) {
        for (let a = 0; a < angle.length; a++, point++) {
          if (isFooling(values[point])) {
            fooling += 1;
            fooledAtAngle[a] = 1;
            fooledAtShift[y * tx.length + x] = 1;
          } else {
            correct[point] += 1;
          }
        }
      }
    }
    fooledAtAngle.forEach((fooled, i) => (correctAtAngle[i] += 1 - fooled));
    fooledAtShift.forEach((fooled, i) => (correctAtShift[i] += 1 - fooled));
    imagesByFooling[fooling] += 1;
    n += 1;
  }
  return { attack, axes: grid.axes, n, correct, correctAtAngle, correctAtShift, imagesByFooling };
}

/**
 * Share of the images that are right at an angle: without a shift (where the grid has that), on average over the
 * shifts, and at every shift.
 */
export function accuracyAtAngles({ axes, n, correct, correctAtAngle }: GridTally): {
  unshifted?: number[];
  mean: number[];
  every: number[];
} {
  const shifts = axes.tx.length * axes.ty.length;
  const origin = axes.tx.indexOf(0) * axes.ty.length + axes.ty.indexOf(0);
  const at = (shift: number, a: number) => correct[shift * axes.angle.length + a];
  const sum = (a: number) => Array.from({ length: shifts }, (_, shift) => at(shift, a)).reduce((x, y) => x + y, 0);
  const hasOrigin = axes.tx.includes(0) && axes.ty.includes(0);
  return {
    ...(hasOrigin ? { unshifted: axes.angle.map((_, a) => at(origin, a) / n) } : {}),
    mean: axes.angle.map((_, a) => sum(a) / shifts / n),
    every: Array.from(correctAtAngle, (count) => count / n),
  };
}

/** Share of the images that are right at a shift, [ty, tx]: on average over the angles, and at every angle. */
export function accuracyAtShifts({ axes, n, correct, correctAtShift }: GridTally): { mean: number[]; every: number[] } {
  const { tx, ty, angle } = axes;
  const sum = (x: number, y: number) =>
    correct
      .subarray((x * ty.length + y) * angle.length, (x * ty.length + y + 1) * angle.length)
      .reduce((a, b) => a + b, 0);
  return {
    mean: ty.flatMap((_, y) => tx.map((_, x) => sum(x, y) / angle.length / n)),
    every: Array.from(correctAtShift, (count) => count / n),
  };
}
