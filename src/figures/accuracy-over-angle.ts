import { gridY, ruleY } from '@observablehq/plot';
import { accuracyMarks, curveLegend, type Curve } from './curves.ts';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';
import { leastOf } from '../statistics/extremes.ts';
import { formatNumber, formatPercent } from '../notation/numbers.ts';

/** @param curves accuracies in [0, 1] over angles in degrees */
export function accuracyOverAngle(document: FigureDocument, curves: readonly Curve[]): string {
  const lowest = ({ name, x, values }: Curve) => {
    const at = values.indexOf(leastOf(values));
    return `${name}: lowest ${formatPercent(values[at])} at ${formatNumber(x[at])}°.`;
  };
  return frame({
    title: 'Accuracy over the angle of rotation',
    description: curves.map(lowest).join(' '),
    legend: curveLegend(curves),
    panels: [
      panel(document, {
        height: 250,
        marginLeft: 50,
        marginRight: 14,
        marginTop: 10,
        marginBottom: 40,
        x: { label: 'angle (degrees)', labelAnchor: 'center', labelArrow: false, ticks: 7 },
        y: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        marks: [
          gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0], { stroke: 'currentColor' }),
          ...accuracyMarks(curves),
        ],
      }),
    ],
  });
}
