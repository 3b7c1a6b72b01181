import { gridY, ruleY } from '@observablehq/plot';
import { accuracyMarks, curveLegend, type Curve } from './curves.ts';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';
import { formatNumber, formatPercent } from '../notation/numbers.ts';

/**
 * The share of images that are still right when everything up to a size is allowed. It never rises.
 *
 * @param curves shares in [0, 1] over sizes, with their intervals
 * @param label what the sizes are, with their unit: `largest rotation (degrees)`
 */
export function survivalCurve(document: FigureDocument, curves: readonly Curve[], label: string): string {
  const told = ({ name, x, values }: Curve): string => {
    const last = x.length - 1;
    return (
      `${name}: ${formatPercent(values[0])} at ${formatNumber(x[0])}, ` +
      `${formatPercent(values[last])} at ${formatNumber(x[last])}.`
    );
  };
  return frame({
    title: 'Share of images that withstand everything up to a size',
    description: curves.map(told).join(' '),
    legend: curves.length > 1 ? curveLegend(curves) : [],
    panels: [
      panel(document, {
        height: 280,
        marginLeft: 50,
        marginRight: 14,
        marginTop: 10,
        marginBottom: 40,
        x: { label, labelAnchor: 'center', labelArrow: false, ticks: 7 },
        y: {
          domain: [0, 100],
          label: 'images that withstand it (%)',
          labelAnchor: 'center',
          labelArrow: false,
          ticks: 5,
        },
        marks: [
          gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0, 50], { stroke: 'currentColor', strokeOpacity: 0.5 }),
          ...accuracyMarks(curves),
        ],
      }),
    ],
  });
}
