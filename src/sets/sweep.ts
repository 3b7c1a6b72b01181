import type { Transformation } from '../transform/transformation.ts';
import type { Box } from './box.ts';
import { createGrid } from './grid.ts';

/** Evenly spaced transformations of a sweep; the one that it goes through comes on top where it is none of them. */
export const SWEEP_STEPS = 13;

/**
 * Transformations in a row, through a given one: where the box turns at all every angle of it at the shift given, else
 * every shift of the box on the line through no shift and the one given. In rising order.
 */
export function sweepThrough(box: Box, through: Transformation): Transformation[] {
  const { tx, ty, angle } = through;
  if (box.angle > 0) return merged(spaced(box.angle), angle).map((at) => ({ tx, ty, angle: at }));
  const share = Math.max(part(tx, box.tx), part(ty, box.ty));
  if (share === 0) return [through];
  return merged(spaced(1 / share), 1).map((factor) => ({ tx: tx * factor, ty: ty * factor, angle }));
}

const spaced = (limit: number): readonly number[] =>
  createGrid({ tx: 0, ty: 0, angle: limit }, { tx: 1, ty: 1, angle: SWEEP_STEPS }).axes.angle;

const part = (value: number, limit: number): number => (limit === 0 ? 0 : Math.abs(value) / limit);

/** Values in which one more stands at its place, in place of one that it equals up to rounding. */
function merged(values: readonly number[], one: number): number[] {
  return [...values.filter((value) => Math.abs(value - one) > 1e-9), one].sort((a, b) => a - b);
}
