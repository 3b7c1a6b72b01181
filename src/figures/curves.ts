import { areaY, line, type Markish } from '@observablehq/plot';
import type { LegendItem } from './frame.ts';
import { SERIES } from './palette.ts';

/** A named curve. */
export interface Curve {
  readonly name: string;
  /** Positions, rising. */
  readonly x: readonly number[];
  /** One value for each position; in [0, 1] for accuracies. */
  readonly values: readonly number[];
  /** 95 % intervals of the values, where they are known. */
  readonly intervals?: readonly (readonly [number, number])[];
}

/** Accuracies in percent as lines in the colours of the series, intervals as bands. */
export function accuracyMarks(curves: readonly Curve[]): Markish[] {
  return curves.flatMap(({ x, values, intervals }, series) => {
    const stroke = seriesColour(series);
    const points = x.map((position, i) => ({
      x: position,
      y: 100 * values[i],
      low: 100 * (intervals?.[i][0] ?? 0),
      high: 100 * (intervals?.[i][1] ?? 0),
    }));
    const band =
      intervals === undefined
        ? []
        : [areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.15 })];
    return [
      ...band,
      line(points, {
        x: 'x',
        y: 'y',
        stroke,
        strokeWidth: 2,
        ...(series > 0 ? { strokeDasharray: DASHES[series % DASHES.length] } : {}),
      }),
    ];
  });
}

export function curveLegend(curves: readonly Curve[]): LegendItem[] {
  return curves.map(({ name }, series) => ({
    label: name,
    colour: seriesColour(series),
    symbol: DASHES[series % DASHES.length] === 'none' ? 'line' : 'dashed',
  }));
}

export function seriesColour(series: number): string {
  return SERIES[series % SERIES.length];
}

/** Dashes tell curves apart without colour, too. */
const DASHES: readonly string[] = ['none', '7 3', '2 3', '9 3 2 3', '4 4'];
