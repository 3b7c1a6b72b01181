import { axisX, axisY, cell, text } from '@observablehq/plot';
import { largestOf } from '../statistics/extremes.ts';
import { distinct } from './accuracy-by-class.ts';
import { FIGURE_WIDTH, frame, panel, type FigureDocument } from './frame.ts';
import { sequential, textOnSequential } from './palette.ts';
import { shortened, textWidth } from './text-width.ts';
import { formatPercent, formatPoints } from '../notation/numbers.ts';

export interface Confusions {
  /** Names of the classes, in the order of rows and columns. */
  readonly names: readonly string[];
  /** Share of the images of the row's class that are predicted as the column's, in [0, 1]; a row each. */
  readonly shares: readonly (readonly number[])[];
}

const WIDEST_NAME = 110;

/** What each class is predicted as: a heat map, whose diagonal is what stays right. */
export function confusions(document: FigureDocument, { names, shares }: Confusions): string {
  const labels = distinct(names.map((name) => shortened(name, WIDEST_NAME)));
  const cells = labels.flatMap((row, y) => labels.map((column, x) => ({ row, column, share: shares[y][x], y, x })));
  const off = cells.filter(({ x, y }) => x !== y).sort((a, b) => b.share - a.share);
  const colour = sequential([0, 1]);
  const margin = largestOf(labels.map(textWidth)) + 12;
  const side = (FIGURE_WIDTH - margin - 8) / labels.length;
  return frame({
    title: 'Confusions',
    description: off
      .slice(0, 3)
      .filter(({ share }) => share > 0)
      .map(({ x, y, share }) => `${names[y]} is taken for ${names[x]} in ${formatPercent(share)} of its images.`)
      .join(' '),
    ramp: { label: 'share of the class', domain: [0, 1], format: (value) => `${100 * value} %` },
    panels: [
      panel(document, {
        height: Math.round(side * labels.length + margin + 6),
        marginLeft: margin,
        marginRight: 8,
        marginTop: 4,
        marginBottom: margin + 2,
        color: { type: 'identity' },
        x: { type: 'band', domain: labels, padding: 0.03 },
        y: { type: 'band', domain: labels, padding: 0.03 },
        marks: [
          cell(cells, { x: 'column', y: 'row', fill: (d) => colour(d.share) }),
          ...(side >= 22
            ? [
                text(
                  cells.filter(({ share }) => share >= 0.005),
                  {
                    x: 'column',
                    y: 'row',
                    text: (d) => formatPoints(d.share, 0),
                    fill: (d) => textOnSequential(d.share),
                  },
                ),
              ]
            : []),
          axisX({ label: null, tickSize: 0, tickRotate: -90 }),
          axisY({ label: null, tickSize: 0 }),
        ],
      }),
    ],
  });
}
