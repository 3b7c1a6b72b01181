import { dot, gridX, link } from '@observablehq/plot';
import { frame, panel, type FigureDocument } from './frame.ts';
import { shortened, textWidth } from './text-width.ts';
import { COLOURS } from './palette.ts';
import { largestOf } from '../statistics/extremes.ts';
import { formatPercent } from '../notation/numbers.ts';

export interface ClassAccuracy {
  readonly name: string;
  /** Images of the class. */
  readonly n: number;
  /** In [0, 1]. */
  readonly natural: number;
  /** In [0, 1]. */
  readonly worst: number;
}

/** What the names of classes may take of a figure's width. */
const WIDEST_NAME = 180;

/**
 * For each class the accuracy on the images as they are and in the worst case, joined by a line as long as the fall.
 */
export function accuracyByClass(
  document: FigureDocument,
  classes: readonly ClassAccuracy[],
  worstName: string,
): string {
  const names = distinct(classes.map(({ name }) => shortened(name, WIDEST_NAME)));
  const rows = classes.map((row, i) => ({ ...row, label: names[i] }));
  return frame({
    title: 'Accuracy by class',
    description: classes
      .map((c) => `${c.name}: ${formatPercent(c.natural)} natural, ${formatPercent(c.worst)} ${worstName}.`)
      .join(' '),
    legend: [
      { label: worstName, colour: COLOURS.first, symbol: 'dot' },
      { label: 'natural', colour: COLOURS.natural, symbol: 'ring' },
    ],
    panels: [
      panel(document, {
        height: 22 * rows.length + 44,
        marginLeft: largestOf(names.map(textWidth)) + 10,
        marginRight: 18,
        marginTop: 4,
        marginBottom: 38,
        x: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        y: { type: 'point', domain: names, label: null, tickSize: 0, padding: 0.6 },
        marks: [
          gridX({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          link(rows, {
            x1: (d) => 100 * d.worst,
            x2: (d) => 100 * d.natural,
            y1: 'label',
            y2: 'label',
            stroke: COLOURS.natural,
            strokeWidth: 2,
            strokeOpacity: 0.5,
          }),
          dot(rows, {
            x: (d) => 100 * d.natural,
            y: 'label',
            r: 4,
            stroke: COLOURS.natural,
            strokeWidth: 2,
            fill: COLOURS.background,
          }),
          dot(rows, { x: (d) => 100 * d.worst, y: 'label', r: 4.5, fill: COLOURS.first }),
        ],
      }),
    ],
  });
}

/** ImageNet has two classes called `crane`; a chart needs a row for each. */
export function distinct(names: readonly string[]): string[] {
  return names.map((name, i) =>
    names.indexOf(name) === i ? name : `${name} (${names.slice(0, i).filter((other) => other === name).length + 1})`,
  );
}
