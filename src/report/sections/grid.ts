import { accuracyOverAngle } from '../../figures/accuracy-over-angle.ts';
import { accuracyOverTranslation } from '../../figures/accuracy-over-translation.ts';
import { foolingDistribution } from '../../figures/fooling-distribution.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { wilsonInterval } from '../../statistics/wilson.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { accuracyAtAngles, accuracyAtShifts, type GridTally } from '../tally-grid.ts';
import { formatCount } from '../../notation/numbers.ts';

/** What an exhaustive run knows beyond the verdicts: accuracy over angle and shift, and how much of the grid fools. */
export function gridSection({ grids = [], slices }: ReportInput, document: FigureDocument): Section | undefined {
  const filled = grids.filter(({ n }) => n > 0);
  if (filled.length === 0) return slicesSection(slices, document);
  const overAngle = widest(filled, ({ axes }) => axes.angle.length);
  const overShift = widest(filled, ({ axes }) => axes.tx.length * axes.ty.length);
  const body = html`
    <p>Every point of the grid was tried on every image, also on images that another point had fooled already.</p>
    ${figures(
      overAngle === undefined ? undefined : angleFigure(overAngle, document),
      figure(
        foolingDistribution(
          document,
          filled.map(({ attack, imagesByFooling }) => ({ name: attack, imagesByFooling })),
        ),
        'How much of the grid fools an image',
        'Height at x: share of the images fooled by at most x % of the grid points. ' +
          'At 0 it is the accuracy under the grid.',
      ),
      ...(overShift === undefined ? [] : shiftFigures(overShift, document)),
    )}`;
  return { id: 'grid', title: 'Over the whole grid', short: 'Grid', body };
}

/** What a part of the images shows of a run that did not try all of the grid. */
function slicesSection(slices: ReportInput['slices'], document: FigureDocument): Section | undefined {
  const [first] = slices?.grids ?? [];
  if (slices === undefined || first === undefined || first.n === 0) return undefined;
  const images =
    first.n < slices.of
      ? `${formatCount(first.n)} of the ${formatCount(slices.of)} images, evenly spread over the run,`
      : `All ${formatCount(first.n)} images`;
  const body = html`
    <p>${images} were tried at every angle of the grid without a shift, and at every shift without a turn.</p>
    ${figures(
      ...slices.grids.flatMap((tally) =>
        tally.axes.angle.length > 1 ? [angleFigure(tally, document)] : shiftFigures(tally, document),
      ),
    )}`;
  return { id: 'grid', title: 'Over the angle and over the shift', short: 'Angle and shift', body };
}

function angleFigure(tally: GridTally, document: FigureDocument): Markup {
  const { unshifted, mean, every } = accuracyAtAngles(tally);
  const shifts = tally.axes.tx.length * tally.axes.ty.length;
  const curves = [
    ...(unshifted === undefined
      ? []
      : [
          {
            name: 'not shifted',
            x: tally.axes.angle,
            values: unshifted,
            intervals: unshifted.map((share) => wilsonInterval(Math.round(share * tally.n), tally.n)),
          },
        ]),
    ...(shifts === 1
      ? []
      : [
          { name: 'mean over shifts', x: tally.axes.angle, values: mean },
          { name: 'right at every shift', x: tally.axes.angle, values: every },
        ]),
  ];
  return figure(
    accuracyOverAngle(document, curves),
    'Accuracy over the angle',
    shifts === 1
      ? 'Rotations alone. The band is the 95 % Wilson interval.'
      : `At each angle: the image rotated only, the mean over ${formatCount(shifts)} shifts, ` +
          'and the share that is right at all of them. The band is the 95 % Wilson interval.',
  );
}

function shiftFigures(tally: GridTally, document: FigureDocument): Markup[] {
  const { tx, ty, angle } = tally.axes;
  const { mean, every } = accuracyAtShifts(tally);
  const map = (accuracy: number[], name: string, title: string, explanation: string) =>
    figure(accuracyOverTranslation(document, { name, tx, ty, accuracy }), title, explanation);
  if (angle.length === 1)
    return [map(mean, 'shifts alone', 'Accuracy over the shift', 'Percent of the images; shifts alone.')];
  return [
    map(
      mean,
      'mean over the angles',
      'Accuracy over the shift: mean over the angles',
      `Percent of images and of ${angle.length} angles.`,
    ),
    map(
      every,
      'right at every angle',
      'Accuracy over the shift: right at every angle',
      `Percent of the images that are right at all ${angle.length} angles.`,
    ),
  ];
}

/** The tally with the most points along a direction, `undefined` if none has two. */
function widest(tallies: readonly GridTally[], points: (tally: GridTally) => number): GridTally | undefined {
  const best = tallies.reduce((a, b) =>
    points(b) > points(a) || (points(b) === points(a) && size(b) > size(a)) ? b : a,
  );
  return points(best) > 1 ? best : undefined;
}

function size({ correct }: GridTally): number {
  return correct.length;
}
