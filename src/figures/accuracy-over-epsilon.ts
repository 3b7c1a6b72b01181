import { dot, gridY, ruleY } from '@observablehq/plot';
import { accuracyMarks, curveLegend, seriesColour, type Curve } from './curves.ts';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';
import { formatNumber, formatPercent } from '../notation/numbers.ts';

/**
 * Accuracy under pixel noise of growing size, alone and together with transformations.
 *
 * @param curves accuracies in [0, 1] over ε in units of the raw image ([0, 1])
 * @param norm decides what the axis counts in: 1/255 for L∞, the whole range for L2
 */
export function accuracyOverEpsilon(
  document: FigureDocument,
  curves: readonly Curve[],
  norm: 'linf' | 'l2' = 'linf',
): string {
  const factor = norm === 'linf' ? 255 : 1;
  const label = norm === 'linf' ? 'ε (in 1/255 of the pixel range)' : 'ε (L2 norm, pixels in [0, 1])';
  const scaled = curves.map((curve) => ({ ...curve, x: curve.x.map((epsilon) => factor * epsilon) }));
  return frame({
    title: 'Accuracy over the size of the pixel noise',
    description: scaled
      .map(
        ({ name, x, values }) =>
          `${name}: ${formatPercent(values[0])} at ${formatNumber(x[0])}, ` +
          `${formatPercent(values[values.length - 1])} at ${formatNumber(x[x.length - 1])}.`,
      )
      .join(' '),
    legend: curveLegend(curves),
    panels: [
      panel(document, {
        height: 250,
        marginLeft: 50,
        marginRight: 14,
        marginTop: 10,
        marginBottom: 40,
        x: { label, labelAnchor: 'center', labelArrow: false, ticks: 6 },
        y: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        marks: [
          gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0], { stroke: 'currentColor' }),
          ...accuracyMarks(scaled),
          ...scaled.map(({ x, values }, i) =>
            dot(x, { x, y: values.map((value) => 100 * value), r: 2.5, fill: seriesColour(i) }),
          ),
        ],
      }),
    ],
  });
}
