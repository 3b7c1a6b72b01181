import { plot, type PlotOptions } from '@observablehq/plot';
import { visibleText } from '../errors/visible.ts';
import type { FigureDocument } from './document.ts';
export type { FigureDocument } from './document.ts';
import { sequential } from './palette.ts';
import { FONT_SIZE, textWidth } from './text-width.ts';
import { formatLoss } from '../notation/numbers.ts';

/** Width of every figure in its own units. Close to a phone's width, so that text stays readable there. */
export const FIGURE_WIDTH = 440;
const ROW = 20;
/** What a vertical axis takes of a small panel's width. */
export const MARGIN_OF_AXIS = 42;

/** Part of a figure, drawn in a coordinate system of its own. */
export interface Panel {
  readonly height: number;
  readonly markup: string;
}

export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  readonly symbol: 'square' | 'line' | 'dashed' | 'dot' | 'ring' | 'cross' | 'tick';
}

/** A sequential colour map with the values at its ends. */
interface Ramp {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly format?: (value: number) => string;
}

export interface Frame {
  /** Name of the figure for those who cannot see it. */
  readonly title: string;
  /** What it shows, in a sentence or two with the numbers that matter. */
  readonly description: string;
  readonly legend?: readonly LegendItem[];
  readonly ramp?: Ramp;
  /** Drawn one below the other. */
  readonly panels: readonly Panel[];
  /** It is shown outside of a report's page, light or dark, and so brings its own background. */
  readonly standalone?: boolean;
}

/** Draws a chart with Observable Plot as part of a figure. */
export function panel(document: FigureDocument, options: PlotOptions & { height: number }): Panel {
  const chart = plot({
    width: FIGURE_WIDTH,
    ...options,
    document: document as unknown as PlotOptions['document'],
    className: 'gimbal-plot',
  });
  const markup = (chart as unknown as { innerHTML: string }).innerHTML.replace(/<style>[^]*?<\/style>/, '');
  return { height: options.height, markup };
}

/** Puts panels of equal height side by side as one, each in a share of the width, below its title. */
export function beside(titled: readonly (Panel & { readonly title: string })[]): Panel {
  const width = FIGURE_WIDTH / titled.length;
  const markup = titled.map(
    ({ title, markup: inner }, i) =>
      `<g transform="translate(${i * width},0)"><text x="${width / 2 + MARGIN_OF_AXIS / 2}" y="${ROW / 2}" ` +
      `dy="0.35em">${escapeText(title)}</text><g transform="translate(0,${ROW})">${inner}</g></g>`,
  );
  return { height: ROW + titled[0].height, markup: markup.join('') };
}

/** One SVG that scales with its place, takes its text colour from there and can be read out. */
export function frame({ title, description, legend = [], ramp, panels, standalone = false }: Frame): string {
  const parts: string[] = [];
  let top = 0;
  const place = ({ height, markup }: Panel) => {
    parts.push(top === 0 ? markup : `<g transform="translate(0,${top})">${markup}</g>`);
    top += height;
  };
  if (legend.length > 0) place(legendPanel(legend));
  if (ramp !== undefined) place(rampPanel(ramp));
  panels.forEach(place);
  // XML knows no control characters, not even as entities: names that hold some are drawn with escapes.
  return visibleText(
    roundNumbers(
      `<svg xmlns="http://www.w3.org/2000/svg" class="gimbal-figure" role="img" viewBox="0 0 ${FIGURE_WIDTH} ` +
        `${top}" width="100%" ` +
        `fill="currentColor" text-anchor="middle" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}">` +
        `<title>${escapeText(title)}</title><desc>${escapeText(description)}</desc>` +
        `${standalone ? '<rect width="100%" height="100%" fill="#ffffff"/>' : ''}${parts.join('')}</svg>`,
    ),
  );
}

function legendPanel(items: readonly LegendItem[]): Panel {
  let x = 4;
  let y = ROW / 2;
  const parts = items.map(({ label, colour, symbol }) => {
    const width = 22 + textWidth(label) + 12;
    if (x > 4 && x + width > FIGURE_WIDTH) {
      x = 4;
      y += ROW;
    }
    const item =
      `<g transform="translate(${x},${y})">${SYMBOLS[symbol](colour)}` +
      `<text x="22" y="0.32em" text-anchor="start">${escapeText(label)}</text></g>`;
    x += width;
    return item;
  });
  return { height: y + ROW / 2 + 4, markup: `<g aria-hidden="true">${parts.join('')}</g>` };
}

const SYMBOLS: Record<LegendItem['symbol'], (colour: string) => string> = {
  square: (colour) => `<rect x="3" y="-5" width="12" height="10" fill="${colour}"/>`,
  line: (colour) => `<path d="M0,0H17" stroke="${colour}" stroke-width="2.5"/>`,
  dashed: (colour) => `<path d="M0,0H17" stroke="${colour}" stroke-width="2.5" stroke-dasharray="4 3"/>`,
  dot: (colour) => `<circle cx="9" r="4.5" fill="${colour}"/>`,
  ring: (colour) => `<circle cx="9" r="4" fill="none" stroke="${colour}" stroke-width="2"/>`,
  tick: (colour) => `<path d="M9,-6V6" stroke="${colour}" stroke-width="2.5"/>`,
  cross: (colour) => `<path d="M4,-5L14,5M14,-5L4,5" stroke="${colour}" stroke-width="2.5"/>`,
};

function rampPanel({ label, domain, format = (value) => (value < 0.001 ? '0' : formatLoss(value)) }: Ramp): Panel {
  const steps = 40;
  const width = 140;
  const right = FIGURE_WIDTH - 56;
  const left = right - width;
  const colour = sequential([0, steps - 1]);
  const cells = Array.from(
    { length: steps },
    (_, i) =>
      `<rect x="${left + (i * width) / steps}" y="5" width="${width / steps + 0.5}" height="10" fill="${colour(i)}"/>`,
  );
  const text = (x: number, anchor: string, content: string) =>
    `<text x="${x}" y="10" dy="0.35em" text-anchor="${anchor}">${escapeText(content)}</text>`;
  return {
    height: ROW + 4,
    markup:
      `<g aria-hidden="true">${text(left - 6, 'end', `${label}  ${format(domain[0])}`)}` +
      `${cells.join('')}${text(right + 6, 'start', format(domain[1]))}</g>`,
  };
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A hundredth of a unit is below what a screen shows; more digits cost space and make snapshots fragile. */
function roundNumbers(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}
