import { formatPercent } from '../../figures/format.ts';
import { headings, number, numberCells, text } from '../components.ts';
import { html } from '../markup.ts';
import type { Section } from '../section.ts';
import { className, formatCount } from '../words.ts';
import type { ClassChange } from './find-changes.ts';
import type { HardeningReport, HardeningViews } from './hardening-report.ts';

/** Rows that a table holds before only those are shown that changed most. */
const MOST_ROWS = 100;

/** Accuracy by class before and after, the class that gained least first. */
export function changedClassesSection(
  { classes = [], images }: HardeningReport,
  { classNames }: HardeningViews,
): Section | undefined {
  if (images === undefined || classes.length < 2) return undefined;
  const gain = ({ n, robust }: ClassChange): number => (robust.after - robust.before) / n;
  const rows = classes.toSorted((a, b) => gain(a) - gain(b) || a.label - b.label).slice(0, MOST_ROWS);
  const which =
    rows.length < classes.length
      ? `The ${rows.length} of ${formatCount(classes.length)} classes that gained least.`
      : '';
  const body = html`
    <p>Sorted by what the accuracy under ${images.attack} gained, the least first. ${which}</p>
    <div class="scroll"><table>
      ${headings(text('Class'), ...['Images', 'Natural, before', 'after', `${images.attack}, before`, 'after'].map(number))}
      <tbody>${rows.map(
        ({ label, n, natural, robust }) =>
          html`<tr><th scope="row">${className(label, classNames)}</th>${numberCells(
            formatCount(n),
            ...[natural.before, natural.after, robust.before, robust.after].map((right) => formatPercent(right / n)),
          )}</tr>`,
      )}</tbody>
    </table></div>`;
  return { id: 'classes', title: 'By class', short: 'Classes', body };
}
