import type { Extent } from '../../attacks/attack.ts';
import type { Survival } from '../../evaluation/records.ts';
import { limitOf } from '../../evaluation/survival.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { headings, number, numberCells, text } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figures, type Section } from '../section.ts';
import { describeSurvival, formatSize } from '../survival-words.ts';
import { className } from '../words.ts';
import { exampleCard } from './examples.ts';
import { survivalFigure } from './survival-figure.ts';
import { formatCount, formatNumber, formatPercent } from '../../notation/numbers.ts';

/** Images below which a quantile of a class says nothing. */
const FEWEST_IMAGES = 10;

/** How much images withstand: the curve of what is left, the classes, and the images that break first. */
export function survivalSection(input: ReportInput, document: FigureDocument): Section | undefined {
  const { tolerances = [] } = input;
  if (tolerances.length === 0) return undefined;
  const parts = tolerances.map((tolerance) => part(tolerance, input, document));
  const body = html`
    <p>An image withstands a size when it is classified right at every point of a fine grid up to it;
      nothing is assumed of
      larger sizes being worse. Its breaking point is the smallest size that fools it, 0 where it is wrong as it is.</p>
    ${parts}`;
  return { id: 'tolerance', title: 'How much the model withstands', short: 'Tolerance', body };
}

type Tolerance = NonNullable<ReportInput['tolerances']>[number];

function part(
  { attack, extent, classes, fragile }: Tolerance,
  { result, classNames }: ReportInput,
  document: FigureDocument,
): Markup | undefined {
  const survival = result.tolerance?.[extent];
  if (survival === undefined) return undefined;
  const step = survival.limits.length > 1 ? formatSize(extent, survival.limits[1]) : undefined;
  const passes = result.evaluations.byAttack[attack] / result.n;
  const explanation =
    `Height at x: share of the ${formatCount(survival.n)} images that withstand everything up to x. ` +
    `The band is the 95 % Wilson interval${step === undefined ? '' : `, the least size of a step ${step}`}; ` +
    `${passes.toFixed(1)} forward passes an image.`;
  return html`
    <p><b>${describeSurvival(extent, survival)}</b></p>
    ${figures(
      survivalFigure(document, extent, [{ name: 'images', survival }], explanation),
      classTable(classes, extent, classNames),
    )}
    ${
      fragile.length === 0
        ? undefined
        : html`<h3>The images that break first</h3>
    <p>Right as they are, each at the smallest point of the grid that fools it under <code>${attack}</code>.</p>
    <ul class="examples">${fragile.map((example) => exampleCard(example, classNames))}</ul>`
    }`;
}

function classTable(
  classes: Tolerance['classes'],
  extent: Extent,
  names: readonly string[] | undefined,
): Markup | undefined {
  const counted = classes.filter(({ survival }) => survival.n >= FEWEST_IMAGES);
  if (counted.length < 2) return undefined;
  const size = (survival: Survival, share: number): string => {
    const limit = limitOf(survival, share);
    return limit === undefined ? '–' : formatNumber((extent === 'box' ? 100 : 1) * limit, 1);
  };
  const last = (survival: Survival): number => survival.withstand[survival.withstand.length - 1];
  const rows = counted
    .toSorted(
      (a, b) =>
        (limitOf(a.survival, 0.5) ?? -1) - (limitOf(b.survival, 0.5) ?? -1) || last(a.survival) - last(b.survival),
    )
    .slice(0, MOST_ROWS)
    .map(
      ({ label, survival }) => html`
      <tr><th scope="row">${className(label, names)}</th>${numberCells(
        String(survival.n),
        size(survival, 0.9),
        size(survival, 0.5),
        formatPercent(last(survival)),
      )}</tr>`,
    );
  const unit = { rotation: '°', translation: 'px', box: '% of the limits' }[extent];
  return html`<div class="scroll"><table>
    ${headings(
      text('Class'),
      number('Images'),
      number(`90 % withstand (${unit})`),
      number(`Half withstand (${unit})`),
      number('Withstand all'),
    )}
    <tbody>${rows}</tbody></table></div>`;
}

/** Rows of the most fragile classes. */
const MOST_ROWS = 20;
