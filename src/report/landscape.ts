import { isFooling, lossOf } from '../statistics/exhaustive-value.ts';
import type { ImageRecord } from '../evaluation/records.ts';
import type { Grid } from '../sets/grid.ts';
import type { Landscape } from './report-input.ts';

/**
 * The slice of an image's losses over a grid at the vertical shift of its worst point.
 * @param values the image's losses as an exhaustive run keeps them
 */
export function landscapeFromGrid(record: ImageRecord, grid: Grid, values: Float32Array): Landscape {
  const { tx, ty, angle } = grid.axes;
  const worst = worstPoint(values);
  const slice = Math.floor(worst / angle.length) % ty.length;
  const kept = tx.flatMap((_, x) => angle.map((_, a) => values[(x * ty.length + slice) * angle.length + a]));
  return {
    index: record.index,
    label: record.label,
    angles: angle,
    tx,
    ty: ty[slice],
    loss: kept.map(lossOf),
    correct: kept.map((value) => (isFooling(value) ? 0 : 1)),
    gridWorst: grid.point(worst),
  };
}

/** A misclassified point beats a correct one, then the higher loss wins, then the earlier point. */
function worstPoint(values: Float32Array): number {
  let worst = 0;
  for (let i = 1; i < values.length; i++) {
    const [fools, before] = [isFooling(values[i]), isFooling(values[worst])];
    if (fools !== before ? fools : lossOf(values[i]) > lossOf(values[worst])) worst = i;
  }
  return worst;
}
