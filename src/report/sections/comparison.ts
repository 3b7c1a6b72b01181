import { accuracyByAttack, type AttackAccuracy } from '../../figures/accuracy-by-attack.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { attackOf } from '../attack-of.ts';
import { headings, number, numberCells, text } from '../components.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, type Section } from '../section.ts';
import { formatCount, formatPercent } from '../../notation/numbers.ts';

/** First-order search against random and exhaustive search over the same transformations: what each finds and costs. */
export function comparisonSection({ result, setting }: ReportInput, document: FigureDocument): Section | undefined {
  const compared = Object.entries(result.attacks)
    .map(([name, summary]) => ({ name, ...summary, attack: attackOf(name, setting) }))
    .filter(
      ({ attack: { changes, subset = 'full', seeks } }) => changes === 'view' && subset === 'full' && seeks === 'worst',
    );
  const firstOrder = compared.find(({ attack }) => attack.figure?.kind === 'path');
  if (firstOrder === undefined || compared.length < 2) return undefined;
  const grid = compared.find(({ attack }) => attack.figure?.kind === 'grid');
  const rows = compared.map(({ name, accuracy }) => {
    const passes = (result.evaluations.byAttack[name] / result.n).toFixed(1);
    const strong = html`<td class="number strong">${formatPercent(accuracy, 2)}</td>`;
    return html`
    <tr><th scope="row">${name}</th>${strong}${numberCells(passes)}</tr>`;
  });
  const why =
    'An attack that climbs the gradient ends at the first local maximum of the loss; ' +
    'one that tries the whole grid does not.';
  const chart = figure(
    accuracyByAttack(document, compared),
    'Accuracy that each search leaves',
    'The lower, the stronger the search. The thin line is the 95 % Wilson interval.',
  );
  const body = html`
    <p>${why}${grid === undefined ? '' : ` ${finding(firstOrder, grid)}`}</p>
    <div class="figures">
      ${chart}
      <div class="scroll"><table>
        ${headings(text('Search'), number('Accuracy'), number('Passes per image'))}
        <tbody>${rows}</tbody>
      </table></div>
    </div>`;
  return { id: 'comparison', title: 'Gradient against exhaustive search', short: 'Gradient or grid', body };
}

type Found = AttackAccuracy & { readonly correct: number };

function finding(firstOrder: Found, grid: Found): string {
  const gap = firstOrder.correct - grid.correct;
  const [climbed, tried] = [firstOrder, grid].map(({ accuracy }) => formatPercent(accuracy));
  const left = `Following the gradient leaves ${climbed}, trying the grid ${tried}`;
  return gap > 0
    ? `${left}: at least ${formatCount(gap)} images that count as robust by the gradient are fooled by the grid.`
    : `${left}: here the gradient finds as much.`;
}
