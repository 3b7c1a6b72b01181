import type { Landscape } from '../../evaluation/landscape.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { lossLandscape, nothingHappens } from '../../figures/loss-landscape.ts';
import { lossOverAngle, type LossCurve } from '../../figures/loss-over-angle.ts';
import { countMaxima } from '../maxima.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { className } from '../words.ts';
import { formatNumber } from '../../notation/numbers.ts';

/** The loss of chosen images over the angle, and over angle and shift. */
export function landscapesSection(
  { landscapes = [], classNames }: ReportInput,
  document: FigureDocument,
): Section | undefined {
  const shown = landscapes.filter(({ angles }) => angles.length > 1);
  if (shown.length === 0) return undefined;
  const path = shown.some((landscape) => landscape.path !== undefined)
    ? '; the path is where the first-order attack went, from the white dot on'
    : '';
  const body = html`
    <p>Where the loss is high the model is sure of a wrong class. Each local maximum is a
      place where an attack that only climbs can end${path}.</p>
    ${shown.map((landscape) => landscapeFigures(landscape, className(landscape.label, classNames), document))}`;
  return { id: 'landscapes', title: 'The loss over angle and shift', short: 'Loss', body };
}

function landscapeFigures(landscape: Landscape, trueClass: string, document: FigureDocument): Markup {
  const { index, tx, ty, angles, gridWorst, loss } = landscape;
  const name = `Image ${index} (${trueClass})`;
  const slice = ty === 0 ? 'not shifted up or down' : `shifted down by ${formatNumber(ty, 1)} px`;
  const maxima = countMaxima(loss, angles.length);
  const map =
    tx.length < 2
      ? undefined
      : figure(
          lossLandscape(document, { ...landscape, name }),
          `${name}: loss over angle and shift`,
          nothingHappens(landscape)
            ? 'Nothing happens: the model is right and sure at every point, ' + `${slice}.`
            : `${maxima} local ${maxima === 1 ? 'maximum' : 'maxima'} over ${angles.length} × ${tx.length} points, ` +
                `${slice}.`,
        );
  const rows = [...new Set([nearest(tx, 0), nearest(tx, gridWorst.tx)])];
  return figures(
    map,
    figure(
      lossOverAngle(
        document,
        angles,
        rows.map((row) => curve(landscape, row)),
      ),
      `${name}: loss over the angle`,
      rows.length > 1 ? 'Not shifted sideways, and at the shift of the worst point.' : 'Not shifted sideways.',
    ),
  );
}

function curve({ angles, tx, loss, correct }: Landscape, row: number): LossCurve {
  const [from, to] = [row * angles.length, (row + 1) * angles.length];
  return {
    name: `shift ${formatNumber(tx[row], 1)} px`,
    loss: loss.subarray(from, to),
    correct: correct.subarray(from, to),
  };
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);
}
