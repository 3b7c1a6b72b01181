import { barX, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import { FIGURE_WIDTH, frame, panel, type FigureDocument } from './frame.ts';
import { textWidth } from './text-width.ts';
import { COLOURS } from './palette.ts';
import { largestOf } from '../statistics/extremes.ts';
import { formatPercent } from '../notation/numbers.ts';

export interface AttackAccuracy {
  readonly name: string;
  /** In [0, 1]. */
  readonly accuracy: number;
  /** 95 % interval, in [0, 1]. */
  readonly interval: readonly [number, number];
}

/**
 * Accuracy under each attack as a bar with its interval. The attack named `natural` (as compared to) is drawn in grey.
 */
export function accuracyByAttack(
  document: FigureDocument,
  attacks: readonly AttackAccuracy[],
  natural = 'natural',
): string {
  const labelWidth = Math.min(180, largestOf(attacks.map((attack) => textWidth(attack.name))));
  const valueWidth = 66;
  return frame({
    title: 'Accuracy by attack',
    description: attacks
      .map(
        (a) =>
          `${a.name}: ${formatPercent(a.accuracy)} (95 % interval ${formatPercent(a.interval[0])} to ` +
          `${formatPercent(a.interval[1])}).`,
      )
      .join(' '),
    panels: [
      panel(document, {
        height: 28 * attacks.length + 42,
        marginLeft: labelWidth + 12,
        marginRight: valueWidth,
        marginTop: 4,
        marginBottom: 38,
        x: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        y: { domain: attacks.map((attack) => attack.name), label: null, tickSize: 0, padding: 0.3 },
        marks: [
          gridX({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          barX(attacks, {
            x: (a) => 100 * a.accuracy,
            y: 'name',
            fill: (a) => (a.name === natural ? COLOURS.natural : COLOURS.first),
          }),
          ruleY(attacks, {
            x1: (a) => 100 * a.interval[0],
            x2: (a) => 100 * a.interval[1],
            y: 'name',
            stroke: 'currentColor',
            strokeWidth: 1.5,
          }),
          text(attacks, {
            x: 100,
            y: 'name',
            text: (a) => formatPercent(a.accuracy),
            textAnchor: 'end',
            dx: valueWidth - 2,
            fontWeight: 600,
            fontVariant: 'tabular-nums',
          }),
          ruleX([0], { stroke: 'currentColor' }),
        ],
        width: FIGURE_WIDTH,
      }),
    ],
  });
}
