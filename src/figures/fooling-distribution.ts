import { gridX, gridY, line, ruleY } from '@observablehq/plot';
import { seriesColour } from './curves.ts';
import { frame, panel, type FigureDocument } from './frame.ts';
import { COLOURS } from './palette.ts';
import { formatPercent } from '../notation/numbers.ts';

export interface FoolingDistribution {
  readonly name: string;
  /** How many images are fooled by exactly i of the grid's points, i = 0 … points. */
  readonly imagesByFooling: ArrayLike<number>;
}

/**
 * Cumulative distribution of the fraction of the grid that fools an image: the height at x is the share of
 * images fooled by at most that fraction; at 0 it is the accuracy under the grid.
 */
export function foolingDistribution(document: FigureDocument, grids: readonly FoolingDistribution[]): string {
  const curves = grids.map(({ name, imagesByFooling }) => ({ name, steps: cumulative(imagesByFooling) }));
  return frame({
    title: 'How much of the grid fools an image',
    description: curves
      .map(
        ({ name, steps }) =>
          `${name}: ${formatPercent(steps[0].share / 100)} of the images are fooled by no point, ` +
          `${formatPercent(shareAt(steps, 50) / 100)} by at most half of the points.`,
      )
      .join(' '),
    ...(grids.length > 1
      ? { legend: curves.map(({ name }, i) => ({ label: name, colour: seriesColour(i), symbol: 'line' as const })) }
      : {}),
    panels: [
      panel(document, {
        height: 250,
        marginLeft: 50,
        marginRight: 18,
        marginTop: 10,
        marginBottom: 40,
        x: {
          domain: [0, 100],
          label: 'grid points that fool (at most, %)',
          labelAnchor: 'center',
          labelArrow: false,
          ticks: 5,
        },
        y: { domain: [0, 100], label: 'images (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
        marks: [
          gridX({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          gridY({ ticks: 5, stroke: COLOURS.grid, strokeOpacity: 1 }),
          ruleY([0], { stroke: 'currentColor' }),
          ...curves.map(({ steps }, i) =>
            line(steps, { x: 'fraction', y: 'share', stroke: seriesColour(i), strokeWidth: 2, curve: 'step-after' }),
          ),
        ],
      }),
    ],
  });
}

interface Step {
  /** Percent of the grid. */
  readonly fraction: number;
  /** Percent of the images. */
  readonly share: number;
}

/** One step wherever the distribution rises, and its two ends. */
function cumulative(imagesByFooling: ArrayLike<number>): Step[] {
  const counts = Array.from(imagesByFooling);
  const images = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return counts.flatMap((count, fooling) => {
    below += count;
    const kept = count > 0 || fooling === 0 || fooling === counts.length - 1;
    return kept ? [{ fraction: (100 * fooling) / (counts.length - 1), share: (100 * below) / images }] : [];
  });
}

function shareAt(steps: readonly Step[], fraction: number): number {
  return steps.filter((step) => step.fraction <= fraction).at(-1)?.share ?? 0;
}
