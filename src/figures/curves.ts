import { areaY, line, type Markish } from '@observablehq/plot';
import type { LegendItem } from './frame.ts';
import { SERIES } from './palette.ts';

/** A named curve over values that several curves share. */
export interface Curve {
  readonly name: string;
  /** One value for each position; in [0, 1] for accuracies. */
  readonly values: readonly number[];
  /** 95 % intervals of the values, where they are known. */
  readonly intervals?: readonly (readonly [number, number])[];
}

/** Lines and interval bands in the colours of the series; `scale` brings values to the axis (100: percent). */
export function curveMarks(x: readonly number[], curves: readonly Curve[], scale: number): Markish[] {
  return curves.flatMap(({ values, intervals }, series) => {
    const stroke = seriesColour(series);
    const points = x.map((position, i) => ({ x: position, y: scale * values[i], low: scale * (intervals?.[i][0] ?? 0), high: scale * (intervals?.[i][1] ?? 0) }));
    const band = intervals === undefined ? [] : [areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.15 })];
    return [...band, line(points, { x: 'x', y: 'y', stroke, strokeWidth: 2, ...(series > 0 ? { strokeDasharray: DASHES[series % DASHES.length] } : {}) })];
  });
}

export function curveLegend(curves: readonly Curve[]): LegendItem[] {
  return curves.map(({ name }, series) => ({ label: name, colour: seriesColour(series), symbol: DASHES[series % DASHES.length] === 'none' ? 'line' : 'dashed' }));
}

export function seriesColour(series: number): string {
  return SERIES[series % SERIES.length];
}

/** Dashes tell curves apart without colour, too. */
const DASHES: readonly string[] = ['none', '7 3', '2 3', '9 3 2 3', '4 4'];
