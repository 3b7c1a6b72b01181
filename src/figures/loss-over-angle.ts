import { dot, gridY, line, ruleY } from '@observablehq/plot';
import { seriesColour } from './curves.ts';
import { frame, panel, type FigureDocument, type LegendItem } from './frame.ts';
import { COLOURS } from './palette.ts';
import { formatLoss, formatNumber } from '../notation/numbers.ts';

export interface LossCurve {
  /** The image. */
  readonly name: string;
  /** Cross-entropy at each angle. */
  readonly loss: ArrayLike<number>;
  /** Whether the image is classified right there (1) or not (0). */
  readonly correct: ArrayLike<number>;
}

/**
 * The loss of chosen images over the angle; angles at which the model is wrong carry a dot. @param angles in degrees,
 * rising
 */
export function lossOverAngle(
  document: FigureDocument,
  angles: readonly number[],
  curves: readonly LossCurve[],
): string {
  const series = curves.map(({ name, loss, correct }) => ({
    name,
    points: angles.map((angle, i) => ({ angle, loss: loss[i], correct: correct[i] === 1 })),
  }));
  const legend: LegendItem[] = [
    ...series.map(({ name }, i): LegendItem => ({ label: name, colour: seriesColour(i), symbol: 'line' })),
    { label: 'misclassified', colour: 'currentColor', symbol: 'dot' },
  ];
  return frame({
    title: 'Loss over the angle of rotation',
    description: series.map(({ name, points }) => describe(name, points)).join(' '),
    legend,
    panels: [
      panel(document, {
        height: 230,
        marginLeft: 58,
        marginRight: 14,
        marginTop: 10,
        marginBottom: 40,
        x: { label: 'angle (degrees)', labelAnchor: 'center', labelArrow: false, ticks: 7 },
        y: { label: 'cross-entropy', labelAnchor: 'center', labelArrow: false, ticks: 5, zero: true, nice: true },
        marks: [
          gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0], { stroke: 'currentColor' }),
          ...series.flatMap(({ points }, i) => [
            line(points, { x: 'angle', y: 'loss', stroke: seriesColour(i), strokeWidth: 2 }),
            dot(
              points.filter((point) => !point.correct),
              { x: 'angle', y: 'loss', r: 3, fill: seriesColour(i) },
            ),
          ]),
        ],
      }),
    ],
  });
}

function describe(name: string, points: readonly { angle: number; loss: number; correct: boolean }[]): string {
  const worst = points.reduce((a, b) => (b.loss > a.loss ? b : a));
  const wrong = points.filter((point) => !point.correct).length;
  return (
    `${name}: misclassified at ${wrong} of ${points.length} angles, highest loss ${formatLoss(worst.loss)} at ` +
    `${formatNumber(worst.angle)}°.`
  );
}
