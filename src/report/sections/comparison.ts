import { parseAttackName } from '../../attacks/attack-name.ts';
import { accuracyByAttack } from '../../figures/accuracy-by-attack.ts';
import { formatPercent } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { formatCount } from '../words.ts';

/** First-order search against random and exhaustive search over the same transformations. */
export function comparisonSection({ result }: ReportInput, document: FigureDocument): Section | undefined {
  const compared = Object.entries(result.attacks)
    .map(([name, summary]) => ({ name, ...summary, attack: parseAttackName(name) }))
    .filter(({ attack }) => attack.subset === 'full' && COMPARED.has(attack.kind));
  const firstOrder = compared.find(({ attack }) => attack.kind === 'first-order');
  const grid = compared.find(({ attack }) => attack.kind === 'grid');
  if (firstOrder === undefined || compared.length < 2) return undefined;
  const gap = grid === undefined ? undefined : firstOrder.accuracy - grid.accuracy;
  const finding =
    grid === undefined || gap === undefined
      ? ''
      : gap > 0
        ? `Following the gradient leaves ${formatPercent(firstOrder.accuracy, firstOrder.n)}, trying the grid ${formatPercent(grid.accuracy, grid.n)}: ` +
          `on ${formatCount(firstOrder.correct - grid.correct)} more images the grid finds what the gradient does not. A model that withstands the first-order attack need not be robust.`
        : `Here the gradient finds as much as the grid: it leaves ${formatPercent(firstOrder.accuracy, firstOrder.n)}, the grid ${formatPercent(grid.accuracy, grid.n)}.`;
  const body = html`
    <p>The loss over angle and shift has many local maxima, so an attack that climbs the gradient stops at the nearest one. ${finding}</p>
    ${figures(figure(accuracyByAttack(document, compared), 'Accuracy that each search leaves', 'The lower, the stronger the attack. The thin line is the 95 % Wilson interval.'))}`;
  return { id: 'comparison', title: 'Gradient against exhaustive search', short: 'Gradient or grid', body };
}

const COMPARED: ReadonlySet<string> = new Set(['natural', 'first-order', 'random', 'worst-of', 'grid', 'strongest']);
