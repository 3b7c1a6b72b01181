import { gridY, line, ruleY } from '@observablehq/plot';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';
import { largestOf } from '../statistics/extremes.ts';

/** Learning rate over the epochs. */
export function learningRate(
  document: FigureDocument,
  epochs: readonly { readonly epoch: number; readonly rate: number }[],
): string {
  const rates = epochs.map(({ rate }) => rate);
  const [first, last] = [epochs[0].epoch, epochs[epochs.length - 1].epoch];
  const shown = (rate: number): string => String(Number(rate.toPrecision(3)));
  return frame({
    title: 'Learning rate',
    description:
      `The learning rate is ${shown(largestOf(rates))} at its highest and ${shown(rates[rates.length - 1])} after ` +
      `epoch ${last}.`,
    panels: [
      panel(document, {
        height: 200,
        marginLeft: 58,
        marginRight: 14,
        marginTop: 10,
        marginBottom: 40,
        x: {
          domain: [first, last],
          ticks: Math.min(8, epochs.length),
          label: 'epoch',
          labelAnchor: 'center',
          labelArrow: false,
        },
        y: { label: 'rate', labelAnchor: 'center', labelArrow: false, ticks: 4, zero: true },
        marks: [
          gridY({ ticks: 4, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0], { stroke: 'currentColor' }),
          line(epochs, { x: 'epoch', y: 'rate', stroke: COLOURS.third, strokeWidth: 2 }),
        ],
      }),
    ],
  });
}
