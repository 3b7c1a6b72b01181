import { interpolateViridis } from 'd3-scale-chromatic';
import type { LossMap } from '../state/loss-map.ts';

const SHADES = 256;

/** Viridis as bytes, from the lowest to the highest: the colours of the report's landscapes. */
const VIRIDIS: readonly (readonly [number, number, number])[] = Array.from({ length: SHADES }, (_, i) =>
  bytesOf(interpolateViridis(i / (SHADES - 1))),
);

/** Right and wrong, apart under the common kinds of colour blindness. */
const RIGHT = bytesOf('#1f6fb4');
const WRONG = bytesOf('#f2975a');

export type MapKind = 'loss' | 'outcome';

/** The lowest and highest loss that any of the maps knows of; undefined while none does. */
export function lossRange(maps: readonly LossMap[]): readonly [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { loss } of maps)
    for (const value of loss) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low > high ? undefined : [low, high];
}

/** A map as a picture of one pixel for each point: angles from left to right, shifts to the right upwards. */
export function mapImage(map: LossMap, kind: MapKind, [low, high]: readonly [number, number]): ImageData {
  const { tx: rows, angle: columns } = map.grid.size;
  const image = new ImageData(columns, rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const point = row * columns + column;
      const loss = map.loss[point];
      if (Number.isNaN(loss)) continue;
      const share = high > low ? (loss - low) / (high - low) : 0;
      const colour = kind === 'loss' ? VIRIDIS[Math.round(share * (SHADES - 1))] : map.correct[point] ? RIGHT : WRONG;
      image.data.set([...colour, 255], 4 * ((rows - 1 - row) * columns + column));
    }
  return image;
}

/** The edges between points that are classified right and neighbours that are not, as a path over `mapImage`. */
export function mapBorder({ grid, correct, loss }: LossMap): string {
  const { tx: rows, angle: columns } = grid.size;
  const parts: string[] = [];
  const differ = (a: number, b: number): boolean =>
    correct[a] !== correct[b] && !Number.isNaN(loss[a]) && !Number.isNaN(loss[b]);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const point = row * columns + column;
      const y = rows - 1 - row;
      if (column > 0 && differ(point, point - 1)) parts.push(`M${column},${y}v1`);
      if (row > 0 && differ(point, point - columns)) parts.push(`M${column},${y + 1}h1`);
    }
  return parts.join('');
}

function bytesOf(hex: string): [number, number, number] {
  const channels = hex.startsWith('#')
    ? [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
    : (hex.match(/\d+/g) ?? []).map(Number);
  return [channels[0], channels[1], channels[2]];
}
