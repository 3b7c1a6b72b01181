import { barX, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import type { AttackAccuracy } from './accuracy-by-attack.ts';
import { FIGURE_WIDTH, frame, panel, type FigureDocument } from './frame.ts';
import { textWidth } from './text-width.ts';
import { COLOURS, SERIES } from './palette.ts';
import { largestOf } from '../statistics/extremes.ts';
import { formatPercent } from '../notation/numbers.ts';

/** Accuracies of one classifier. */
export interface ComparedClassifier {
  readonly name: string;
  /** Those that were measured; any may be missing. */
  readonly attacks: readonly AttackAccuracy[];
}

/**
 * Accuracies of several classifiers side by side: a group of bars for each attack, each bar with its interval.
 * @param attacks names, in the order of the groups
 */
export function accuracyCompared(
  document: FigureDocument,
  attacks: readonly string[],
  classifiers: readonly ComparedClassifier[],
): string {
  const bars = classifiers.flatMap(({ name, attacks: measured }) =>
    measured.map((summary) => ({ ...summary, attack: summary.name, classifier: name })),
  );
  const colour = (classifier: string): string =>
    SERIES[classifiers.findIndex(({ name }) => name === classifier) % SERIES.length];
  const valueWidth = 58;
  const labelWidth = largestOf(attacks.map(textWidth));
  return frame({
    title: 'Accuracy of each classifier by attack',
    description: classifiers
      .map(
        ({ name, attacks: measured }) =>
          `${name}: ${measured.map((a) => `${a.name} ${formatPercent(a.accuracy)}`).join(', ')}.`,
      )
      .join(' '),
    legend: classifiers.map(({ name }) => ({ label: name, colour: colour(name), symbol: 'square' })),
    panels: [
      panel(document, {
        height: (17 * classifiers.length + 12) * attacks.length + 42,
        marginLeft: labelWidth + 12,
        marginRight: valueWidth,
        marginTop: 4,
        marginBottom: 38,
        x: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        fy: { domain: [...attacks], label: null, padding: 0.16, axis: 'left' },
        y: { domain: classifiers.map(({ name }) => name), axis: null, padding: 0.12 },
        marks: [
          gridX({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          barX(bars, { x: (a) => 100 * a.accuracy, y: 'classifier', fy: 'attack', fill: (a) => colour(a.classifier) }),
          ruleY(bars, {
            x1: (a) => 100 * a.interval[0],
            x2: (a) => 100 * a.interval[1],
            y: 'classifier',
            fy: 'attack',
            stroke: 'currentColor',
            strokeWidth: 1.5,
          }),
          text(bars, {
            x: 100,
            y: 'classifier',
            fy: 'attack',
            text: (a) => formatPercent(a.accuracy),
            textAnchor: 'end',
            dx: valueWidth - 2,
            fontVariant: 'tabular-nums',
          }),
          ruleX([0], { stroke: 'currentColor' }),
        ],
        width: FIGURE_WIDTH,
      }),
    ],
  });
}
