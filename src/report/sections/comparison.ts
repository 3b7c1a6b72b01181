import { parseAttackName } from '../../attacks/attack-name.ts';
import { accuracyByAttack, type AttackAccuracy } from '../../figures/accuracy-by-attack.ts';
import { formatPercent } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, type Section } from '../section.ts';
import { formatCount } from '../words.ts';

/** First-order search against random and exhaustive search over the same transformations: what each finds and costs. */
export function comparisonSection({ result }: ReportInput, document: FigureDocument): Section | undefined {
  const compared = Object.entries(result.attacks)
    .map(([name, summary]) => ({ name, ...summary, attack: parseAttackName(name) }))
    .filter(({ attack }) => attack.subset === 'full' && COMPARED.has(attack.kind));
  const firstOrder = compared.find(({ attack }) => attack.kind === 'first-order');
  if (firstOrder === undefined || compared.length < 2) return undefined;
  const grid = compared.find(({ attack }) => attack.kind === 'grid');
  const rows = compared.map(
    ({ name, accuracy }) => html`
    <tr><th scope="row">${name}</th><td class="number strong">${formatPercent(accuracy, 2)}</td><td class="number">${(result.evaluations.byAttack[name] / result.n).toFixed(1)}</td></tr>`,
  );
  const body = html`
    <p>An attack that climbs the gradient ends at the first local maximum of the loss; one that tries the whole grid does not.${grid === undefined ? '' : ` ${finding(firstOrder, grid)}`}</p>
    <div class="figures">
      ${figure(accuracyByAttack(document, compared), 'Accuracy that each search leaves', 'The lower, the stronger the search. The thin line is the 95 % Wilson interval.')}
      <div class="scroll"><table>
        <thead><tr><th scope="col">Search</th><th scope="col" class="number">Accuracy</th><th scope="col" class="number">Passes per image</th></tr></thead>
        <tbody>${rows}</tbody>
      </table></div>
    </div>`;
  return { id: 'comparison', title: 'Gradient against exhaustive search', short: 'Gradient or grid', body };
}

const COMPARED: ReadonlySet<string> = new Set(['first-order', 'worst-of', 'grid', 'strongest']);

type Found = AttackAccuracy & { readonly correct: number };

function finding(firstOrder: Found, grid: Found): string {
  const gap = firstOrder.correct - grid.correct;
  const left = `Following the gradient leaves ${formatPercent(firstOrder.accuracy)}, trying the grid ${formatPercent(grid.accuracy)}`;
  return gap > 0
    ? `${left}: at least ${formatCount(gap)} images that count as robust by the gradient are fooled by the grid.`
    : `${left}: here the gradient finds as much.`;
}
