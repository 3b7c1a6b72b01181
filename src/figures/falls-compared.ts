import { dot, gridX, link, text, tickX, type Markish } from '@observablehq/plot';
import type { AttackAccuracy } from './accuracy-by-attack.ts';
import { FIGURE_WIDTH, frame, panel, type FigureDocument, type LegendItem } from './frame.ts';
import { textWidth } from './text-width.ts';
import { COLOURS } from './palette.ts';
import { largestOf, leastOf } from '../statistics/extremes.ts';
import { formatPercent } from '../notation/numbers.ts';

/** How far a classifier's accuracy falls. */
export interface Fall {
  readonly name: string;
  /** Those of `stages` that were measured; any may be missing. */
  readonly attacks: readonly AttackAccuracy[];
  /** Accuracies in [0, 1] that others reached in the last stage. */
  readonly published?: readonly number[];
}

/**
 * A line for each classifier, from its accuracy on images as they are down to what the last stage leaves, that with its
 * interval: many classifiers fit where bars would not.
 * @param stages names of attacks, each at least as strong as the one before: two or three
 */
export function fallsCompared(
  document: FigureDocument,
  stages: readonly string[],
  falls: readonly Fall[],
  { standalone = false } = {},
): string {
  const last = stages[stages.length - 1];
  const points = falls.flatMap(({ name, attacks }) =>
    stages.flatMap((stage) =>
      attacks.filter((attack) => attack.name === stage).map((attack) => ({ ...attack, stage, classifier: name })),
    ),
  );
  const lines = falls.flatMap(({ name }) => {
    const own = points.filter(({ classifier }) => classifier === name).map(({ accuracy }) => 100 * accuracy);
    return own.length < 2 ? [] : [{ classifier: name, from: leastOf(own), to: largestOf(own) }];
  });
  const ends = points.filter(({ stage }) => stage === last);
  const published = falls.flatMap(({ name, published: figures = [] }) =>
    figures.map((accuracy) => ({ classifier: name, accuracy })),
  );
  const styles = stages.map((_, i) => styleOf(i, stages.length));
  const valueWidth = 50;
  const marks: Markish[] = [
    gridX({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
    link(lines, { x1: 'from', x2: 'to', y1: 'classifier', y2: 'classifier', stroke: COLOURS.grid, strokeWidth: 3 }),
    link(ends, {
      x1: ({ interval }) => 100 * interval[0],
      x2: ({ interval }) => 100 * interval[1],
      y1: 'classifier',
      y2: 'classifier',
      stroke: 'currentColor',
      strokeWidth: 1.5,
    }),
    ...stages.map((stage, i) => {
      const { colour, filled } = styles[i];
      return dot(
        points.filter((point) => point.stage === stage),
        {
          x: ({ accuracy }) => 100 * accuracy,
          y: 'classifier',
          r: 4,
          fill: filled ? colour : COLOURS.background,
          stroke: colour,
          strokeWidth: 2,
        },
      );
    }),
    tickX(published, { x: ({ accuracy }) => 100 * accuracy, y: 'classifier', stroke: PUBLISHED, strokeWidth: 2.5 }),
    text(ends, {
      x: 100,
      y: 'classifier',
      text: ({ accuracy }) => formatPercent(accuracy),
      textAnchor: 'end',
      dx: valueWidth - 2,
      fontVariant: 'tabular-nums',
    }),
  ];
  return frame({
    title: `Accuracy of each classifier from ${stages[0]} to ${last}`,
    description: falls
      .map(
        ({ name, attacks }) =>
          `${name}: ${attacks
            .filter((attack) => stages.includes(attack.name))
            .map((attack) => `${attack.name} ${formatPercent(attack.accuracy)}`)
            .join(', ')}.`,
      )
      .join(' '),
    legend: [
      ...stages.map((label, i): LegendItem => ({
        label,
        colour: styles[i].colour,
        symbol: styles[i].filled ? 'dot' : 'ring',
      })),
      ...(published.length === 0 ? [] : [{ label: `published, ${last}`, colour: PUBLISHED, symbol: 'tick' } as const]),
    ],
    standalone,
    panels: [
      panel(document, {
        height: 21 * falls.length + 46,
        marginLeft: largestOf(falls.map(({ name }) => textWidth(name))) + 14,
        marginRight: valueWidth,
        marginTop: 6,
        marginBottom: 38,
        x: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        y: { domain: falls.map(({ name }) => name), label: null, tickSize: 0, padding: 0.4 },
        marks,
        width: FIGURE_WIDTH,
      }),
    ],
  });
}

const PUBLISHED = COLOURS.second;

/** Rings before the last stage, which is what counts. */
function styleOf(stage: number, stages: number): { readonly colour: string; readonly filled: boolean } {
  if (stage === stages - 1) return { colour: COLOURS.first, filled: true };
  return { colour: stage === 0 ? COLOURS.natural : COLOURS.first, filled: false };
}
