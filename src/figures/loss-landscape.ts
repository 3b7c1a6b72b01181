import { dot, line, rect, ruleX, ruleY, type Markish, type PlotOptions } from '@observablehq/plot';
import { frame, panel, type FigureDocument, type LegendItem } from './frame.ts';
import type { LossLandscape } from './landscape-data.ts';
import { COLOURS, sequential } from './palette.ts';
import { largestOf, leastOf } from '../statistics/extremes.ts';
import { formatLoss, formatNumber } from '../notation/numbers.ts';

/**
 * Heat map of the loss over angle and horizontal shift, with the border between right and wrong, the path of the
 * first-order attack and the grid's worst point.
 */
export function lossLandscape(document: FigureDocument, landscape: LossLandscape): string {
  const { name, path, gridWorst } = landscape;
  const loss = Array.from(landscape.loss);
  const domain = lossDomain(loss);
  const wrong = Array.from(landscape.correct).filter((correct) => correct === 0).length;
  const worst =
    gridWorst === undefined
      ? ''
      : ` The worst point is at ${formatNumber(gridWorst.angle)}° and ${formatNumber(gridWorst.tx)} px.`;
  const end = path?.at(-1);
  const stopped =
    end === undefined
      ? ''
      : ` The first-order attack ends at ${formatNumber(end.angle)}° and ${formatNumber(end.tx)} px.`;
  return frame({
    title: `Loss over angle and shift: ${name}`,
    description:
      `Loss from ${formatLoss(leastOf(loss))} to ${formatLoss(largestOf(loss))}; ` +
      `misclassified at ${wrong} of ${loss.length} points.${worst}${stopped}`,
    legend: legendOf(landscape),
    ramp: { label: 'cross-entropy', domain },
    panels: [
      panel(document, {
        ...landscapeChart(landscape, domain),
        height: 240,
        marginLeft: 50,
        marginRight: 10,
        marginTop: 6,
        marginBottom: 40,
      }),
    ],
  });
}

/** Losses below which a model is as good as sure. */
const SURE = 0.01;

/** Whether a model is right at every point, and sure of it. */
export function nothingHappens({ loss, correct }: Pick<LossLandscape, 'loss' | 'correct'>): boolean {
  return Array.from(correct).every((right) => right === 1) && largestOf(Array.from(loss)) < SURE;
}

/** The ends of the scale of colours: where all losses are next to nothing, a scale that shows them as nothing. */
export function lossDomain(losses: readonly number[]): [number, number] {
  const largest = largestOf(losses);
  return largest < SURE ? [0, 1] : [leastOf(losses), largest];
}

/** The heat map alone, its colours from a domain that several may share. */
export function landscapeChart(landscape: LossLandscape, domain: [number, number]): PlotOptions {
  const { angles, tx, path, gridWorst } = landscape;
  return {
    color: { type: 'identity' },
    x: { domain: extent(angles), label: 'angle (degrees)', labelAnchor: 'center', labelArrow: false, ticks: 7 },
    y: {
      domain: extent(tx),
      reverse: false,
      label: 'shift to the right (px)',
      labelAnchor: 'center',
      labelArrow: false,
      ticks: 5,
      tickFormat: (value: number) => formatNumber(value, 1),
    },
    marks: [...cells(landscape, domain), ...border(landscape), ...pathMarks(path), ...crossMarks(gridWorst)],
  };
}

function cells({ angles, tx, loss }: LossLandscape, domain: [number, number]): Markish[] {
  const colour = sequential(domain);
  const halfAngle = spacing(angles) / 2;
  const halfTx = spacing(tx) / 2;
  const data = tx.flatMap((y, row) =>
    angles.map((x, column) => ({
      x1: x - halfAngle,
      x2: x + halfAngle,
      y1: y - halfTx,
      y2: y + halfTx,
      fill: colour(loss[row * angles.length + column]),
    })),
  );
  // A hair of overlap hides the seams that antialiasing leaves between neighbours.
  return [rect(data, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'fill', inset: -0.3 })];
}

/** The edges between a point that is classified right and a neighbour that is not. */
function border({ angles, tx, correct }: LossLandscape): Markish[] {
  const halfAngle = spacing(angles) / 2;
  const halfTx = spacing(tx) / 2;
  if (!hasBorder(correct)) return [];
  const at = (row: number, column: number) => correct[row * angles.length + column];
  const vertical: { x: number; y1: number; y2: number }[] = [];
  const horizontal: { y: number; x1: number; x2: number }[] = [];
  tx.forEach((y, row) =>
    angles.forEach((x, column) => {
      if (column > 0 && at(row, column) !== at(row, column - 1))
        vertical.push({ x: x - halfAngle, y1: y - halfTx, y2: y + halfTx });
      if (row > 0 && at(row, column) !== at(row - 1, column))
        horizontal.push({ y: y - halfTx, x1: x - halfAngle, x2: x + halfAngle });
    }),
  );
  const style = { stroke: '#ffffff', strokeWidth: 1.6 };
  return [
    ruleX(vertical, { x: 'x', y1: 'y1', y2: 'y2', ...style }),
    ruleY(horizontal, { y: 'y', x1: 'x1', x2: 'x2', ...style }),
  ];
}

/** Whether some points are right and some wrong. The mean of several images, whose points are shares, has no border. */
export function hasBorder(correct: ArrayLike<number>): boolean {
  const values = new Set(Array.from(correct));
  return values.size === 2 && values.has(0) && values.has(1);
}

function pathMarks(path: LossLandscape['path']): Markish[] {
  if (path === undefined || path.length === 0) return [];
  const position = { x: 'angle', y: 'tx' };
  return [
    line(path, { ...position, stroke: '#000000', strokeWidth: 4, strokeOpacity: 0.6 }),
    line(path, { ...position, stroke: PATH, strokeWidth: 2 }),
    dot(path.slice(0, 1), { ...position, r: 4.5, fill: '#ffffff', stroke: '#000000' }),
    dot(path.slice(-1), { ...position, r: 4.5, fill: PATH, stroke: '#000000' }),
  ];
}

function crossMarks(point: LossLandscape['gridWorst']): Markish[] {
  if (point === undefined) return [];
  const position = { x: 'angle', y: 'tx', symbol: 'times', r: 6 } as const;
  return [
    dot([point], { ...position, stroke: '#000000', strokeWidth: 5 }),
    dot([point], { ...position, stroke: CROSS, strokeWidth: 2.5 }),
  ];
}

/** Both stand out from every colour of viridis and from each other. */
const PATH = '#ff9d5c';
const CROSS = '#ffffff';

function legendOf({ path, gridWorst, correct }: LossLandscape): LegendItem[] {
  return [
    ...(hasBorder(correct)
      ? [{ label: 'border of misclassification', colour: COLOURS.natural, symbol: 'line' } as const]
      : []),
    ...(path !== undefined && path.length > 0
      ? [{ label: 'first-order attack', colour: PATH, symbol: 'line' } as const]
      : []),
    ...(gridWorst !== undefined ? [{ label: 'worst point', colour: 'currentColor', symbol: 'cross' } as const] : []),
  ];
}

function spacing(values: readonly number[]): number {
  return values.length < 2 ? 1 : (values[values.length - 1] - values[0]) / (values.length - 1);
}

function extent(values: readonly number[]): [number, number] {
  const half = spacing(values) / 2;
  return [values[0] - half, values[values.length - 1] + half];
}
