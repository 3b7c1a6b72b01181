import { gridY, line, ruleY, type Markish, type PlotOptions } from '@observablehq/plot';
import type { FigureDocument } from './document.ts';
import { frame, panel, type LegendItem } from './frame.ts';
import { COLOURS } from './palette.ts';
import { formatLoss, formatPercent } from '../notation/numbers.ts';

/** What is known after an epoch. Accuracies are in [0, 1] and may be measured in some epochs only. */
export interface Epoch {
  readonly epoch: number;
  /** Mean training loss. */
  readonly loss: number;
  readonly natural?: number;
  readonly worstOf10?: number;
}

/** Loss above, natural and worst-of-10 accuracy below, over the epochs. */
export function trainingCurves(document: FigureDocument, epochs: readonly Epoch[]): string {
  const last = epochs[epochs.length - 1];
  const accuracies = SHOWN.filter(({ key }) => epochs.some((epoch) => epoch[key] !== undefined));
  const now = accuracies.flatMap(({ key, label }) => {
    const value = epochs.findLast((epoch) => epoch[key] !== undefined)?.[key];
    return value === undefined ? [] : [`${label} ${formatPercent(value)}`];
  });
  const common = {
    marginLeft: 50,
    marginRight: 14,
    marginTop: 10,
    x: { domain: [epochs[0].epoch, last.epoch], ticks: Math.min(8, epochs.length) },
  } satisfies PlotOptions;
  const curve = (key: 'loss' | 'natural' | 'worstOf10', scale: number, stroke: string): Markish =>
    line(
      epochs.filter((epoch) => epoch[key] !== undefined),
      { x: 'epoch', y: (epoch: Epoch) => scale * (epoch[key] ?? 0), stroke, strokeWidth: 2 },
    );
  const base = [gridY({ ticks: 4, stroke: COLOURS.grid, strokeOpacity: 1 }), ruleY([0], { stroke: 'currentColor' })];
  return frame({
    title: 'Training curves',
    description: `After epoch ${last.epoch}: loss ${formatLoss(last.loss)}${now.map((text) => `, ${text}`).join('')}.`,
    legend: [
      { label: 'training loss', colour: COLOURS.second, symbol: 'line' },
      ...accuracies.map(({ label, colour }): LegendItem => ({ label, colour, symbol: 'line' })),
    ],
    panels: [
      panel(document, {
        ...common,
        height: 150,
        marginBottom: 22,
        x: { ...common.x, label: null },
        y: { label: 'loss', labelAnchor: 'center', labelArrow: false, ticks: 4, zero: true },
        marks: [...base, curve('loss', 1, COLOURS.second)],
      }),
      ...(accuracies.length === 0
        ? []
        : [
            panel(document, {
              ...common,
              height: 200,
              marginBottom: 40,
              x: { ...common.x, label: 'epoch', labelAnchor: 'center', labelArrow: false },
              y: { domain: [0, 100], label: 'accuracy (%)', labelAnchor: 'center', labelArrow: false, ticks: 5 },
              marks: [...base, ...accuracies.map(({ key, colour }) => curve(key, 100, colour))],
            }),
          ]),
    ],
  });
}

const SHOWN = [
  { key: 'natural', label: 'natural accuracy', colour: COLOURS.natural },
  { key: 'worstOf10', label: 'worst-of-10 accuracy', colour: COLOURS.first },
] as const;
