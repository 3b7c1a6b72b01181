import { gridY, ruleY } from '@observablehq/plot';
import { curveLegend, curveMarks, type Curve } from './curves.ts';
import { formatNumber, formatPercent } from './format.ts';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';

/**
 * Accuracy under pixel noise of growing size, alone and together with transformations.
 * @param epsilons sizes of the noise in units of the raw image ([0, 1]), rising
 * @param unit what the axis counts in: `1/255` for L∞, `1` for L2
 */
export function accuracyOverEpsilon(document: FigureDocument, epsilons: readonly number[], curves: readonly Curve[], unit: '1/255' | '1' = '1/255'): string {
  const factor = unit === '1/255' ? 255 : 1;
  const label = unit === '1/255' ? 'ε (in 1/255 of the pixel range)' : 'ε (L2 norm, pixels in [0, 1])';
  const last = epsilons.length - 1;
  return frame({
    title: 'Accuracy over the size of the pixel noise',
    description: curves
      .map(({ name, values }) => `${name}: ${formatPercent(values[0])} at ${formatNumber(factor * epsilons[0])}, ${formatPercent(values[last])} at ${formatNumber(factor * epsilons[last])}.`)
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
        marks: [gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }), ruleY([0], { stroke: 'currentColor' }), ...curveMarks(epsilons.map((epsilon) => factor * epsilon), curves, 100)],
      }),
    ],
  });
}
