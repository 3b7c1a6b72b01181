import { axisX, axisY, cell, text } from '@observablehq/plot';
import { frame, panel, type FigureDocument } from './frame.ts';
import { sequential, textOnSequential } from './palette.ts';
import { formatNumber, formatPercent, formatPoints } from '../notation/numbers.ts';

export interface TranslationMap {
  /** What is counted, as the figure's name says it: `mean over all angles`. */
  readonly name: string;
  /** In pixels, rising; right is positive. */
  readonly tx: readonly number[];
  /** In pixels, rising; down is positive. */
  readonly ty: readonly number[];
  /** In [0, 1], [ty, tx] row by row. */
  readonly accuracy: ArrayLike<number>;
}

/** Heat map of the accuracy over horizontal and vertical translation; small maps have the numbers in their cells. */
export function accuracyOverTranslation(document: FigureDocument, { name, tx, ty, accuracy }: TranslationMap): string {
  const cells = ty.flatMap((y, row) => tx.map((x, column) => ({ x, y, accuracy: accuracy[row * tx.length + column] })));
  const worst = cells.reduce((a, b) => (b.accuracy < a.accuracy ? b : a));
  const colour = sequential([0, 1]);
  const side = Math.min(52, 380 / Math.max(tx.length, 1));
  const written = side >= 34;
  const tick = (value: number) => formatNumber(value, 1);
  return frame({
    title: `Accuracy over translation, ${name}`,
    description:
      `Lowest ${formatPercent(worst.accuracy)} at ` + `(${formatNumber(worst.x)}, ${formatNumber(worst.y)}) pixels.`,
    ramp: { label: 'accuracy', domain: [0, 1], format: (value) => `${100 * value} %` },
    panels: [
      panel(document, {
        height: Math.round(side * 0.8 * ty.length + 48),
        marginLeft: 58,
        marginRight: 8,
        marginTop: 6,
        marginBottom: 42,
        color: { type: 'identity' },
        x: { type: 'band', domain: [...tx], padding: 0.02 },
        y: { type: 'band', domain: [...ty], padding: 0.02 },
        marks: [
          cell(cells, { x: 'x', y: 'y', fill: (d) => colour(d.accuracy) }),
          ...(written
            ? [
                text(cells, {
                  x: 'x',
                  y: 'y',
                  text: (d) => formatPoints(d.accuracy, 0),
                  fill: (d) => textOnSequential(d.accuracy),
                }),
              ]
            : []),
          axisX({
            label: 'shift to the right (px)',
            labelAnchor: 'center',
            labelArrow: 'none',
            tickSize: 0,
            tickFormat: tick,
            ticks: thin(tx),
          }),
          axisY({
            label: 'shift down (px)',
            labelAnchor: 'center',
            labelArrow: 'none',
            tickSize: 0,
            tickFormat: tick,
            ticks: thin(ty),
          }),
        ],
      }),
    ],
  });
}

/** At most nine of the values, evenly spaced, so that tick labels do not run into each other. */
function thin(values: readonly number[]): number[] {
  const step = Math.ceil(values.length / 9);
  return values.filter((_, i) => i % step === 0);
}
