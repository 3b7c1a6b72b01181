import { formatNumber } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { lossLandscape } from '../../figures/loss-landscape.ts';
import { lossOverAngle, type LossCurve } from '../../figures/loss-over-angle.ts';
import { html, type Markup } from '../markup.ts';
import type { Landscape, ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { className } from '../words.ts';

/** The loss of chosen images over the angle, and over angle and shift. */
export function landscapesSection({ landscapes = [], classNames }: ReportInput, document: FigureDocument): Section | undefined {
  const shown = landscapes.filter(({ angles }) => angles.length > 1);
  if (shown.length === 0) return undefined;
  const withPath = shown.some(({ path }) => path !== undefined);
  const body = html`
    <p>Where the loss is high the model is sure of a wrong class. It does not rise steadily away from the untransformed image but has many peaks${withPath ? ', and an attack that follows the gradient climbs the nearest' : ''}.</p>
    ${shown.map((landscape) => landscapeFigures(landscape, className(landscape.label, classNames), document))}`;
  return { id: 'landscapes', title: 'The loss over angle and shift', short: 'Loss', body };
}

function landscapeFigures(landscape: Landscape, trueClass: string, document: FigureDocument): Markup {
  const { index, tx, ty, angles, path, gridWorst } = landscape;
  const name = `image ${index} (${trueClass})`;
  const rows = distinct([nearest(tx, 0), ...(gridWorst === undefined ? [] : [nearest(tx, gridWorst.tx)])]);
  const at = `ty = ${formatNumber(ty, 1)} px`;
  const map = tx.length < 2 ? undefined : figure(
    lossLandscape(document, { ...landscape, name, ...(gridWorst === undefined ? {} : { gridWorst }) }),
    `Over angle and horizontal shift`,
    `${capitalise(name)}, at ${at}.${path === undefined ? '' : ' The path is projected onto this slice: it also moves up and down.'}`,
  );
  return figures(
    map,
    figure(lossOverAngle(document, angles, rows.map((row) => slice(landscape, row))), 'Over the angle', `${capitalise(name)}, at ${at}.`),
  );
}

function slice({ angles, tx, loss, correct }: Landscape, row: number): LossCurve {
  const part = (values: ArrayLike<number>) => Array.from(values).slice(row * angles.length, (row + 1) * angles.length);
  return { name: `tx = ${formatNumber(tx[row], 1)} px`, loss: part(loss), correct: part(correct) };
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
