import type { ClassifierLandscape } from './landscape-data.ts';
import { beside, FIGURE_WIDTH, type FigureDocument, frame, type LegendItem, MARGIN_OF_AXIS, panel } from './frame.ts';
import { hasBorder, landscapeChart, lossDomain, nothingHappens } from './loss-landscape.ts';
import { COLOURS } from './palette.ts';
import { largestOf, leastOf } from '../statistics/extremes.ts';
import { formatLoss, formatPercent } from '../notation/numbers.ts';

/**
 * Heat maps of the loss of the same image by several classifiers, side by side, with one scale of colours: a flat one
 * is of one colour.
 * @param options whether it is for a file of its own: see `Frame`
 */
export function landscapesCompared(
  document: FigureDocument,
  name: string,
  landscapes: readonly ClassifierLandscape[],
  { standalone = false } = {},
): string {
  const losses = landscapes.flatMap(({ loss }) => Array.from(loss));
  const domain = lossDomain(losses);
  const width = FIGURE_WIDTH / landscapes.length;
  return frame({
    title: `Loss over angle and shift by ${landscapes.map(({ classifier }) => classifier).join(' and ')}: ${name}`,
    description: landscapes.map(describe).join(' '),
    legend: legendOf(landscapes),
    ramp: { label: 'cross-entropy', domain },
    standalone,
    panels: [
      beside(
        landscapes.map((landscape) => {
          const chart = landscapeChart({ ...landscape, name }, domain);
          const options = {
            ...chart,
            x: { ...chart.x, ticks: 4 },
            width,
            height: 180,
            marginLeft: MARGIN_OF_AXIS,
            marginRight: 6,
            marginTop: 2,
            marginBottom: 38,
          };
          return { ...panel(document, options), title: landscape.classifier };
        }),
      ),
    ],
  });
}

function describe({ classifier, loss, correct }: ClassifierLandscape): string {
  const values = Array.from(loss);
  const wrong = 1 - Array.from(correct).reduce((sum, right) => sum + right, 0) / values.length;
  return (
    (nothingHappens({ loss, correct }) ? `Nothing happens by ${classifier}. ` : '') +
    `${classifier}: loss from ${formatLoss(leastOf(values))} to ${formatLoss(largestOf(values))}; ` +
    `misclassified at ${formatPercent(wrong)} of the points.`
  );
}

function legendOf(landscapes: readonly ClassifierLandscape[]): LegendItem[] {
  return [
    ...(landscapes.some(({ correct }) => hasBorder(correct))
      ? [{ label: 'border of misclassification', colour: COLOURS.natural, symbol: 'line' } as const]
      : []),
    ...(landscapes.some(({ gridWorst }) => gridWorst !== undefined)
      ? [{ label: 'worst point', colour: 'currentColor', symbol: 'cross' } as const]
      : []),
  ];
}
