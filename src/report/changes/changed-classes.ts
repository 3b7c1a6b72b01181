import { headings, number, numberCells, text } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { className } from '../words.ts';
import type { When } from './changes-table.ts';
import type { ClassChange } from './find-changes.ts';
import { formatCount, formatPercent } from '../../notation/numbers.ts';

/** Rows that a table holds before only those are shown that changed most. */
const MOST_ROWS = 100;

/** Accuracy by class before and after, the class that gained least first; nothing for a single class. */
export function changedClasses(
  attack: string,
  classes: readonly ClassChange[],
  classNames: readonly string[] | undefined,
  [before, after]: When,
): Markup | undefined {
  if (classes.length < 2) return undefined;
  const gain = ({ n, robust }: ClassChange): number => (robust.after - robust.before) / n;
  const rows = classes.toSorted((a, b) => gain(a) - gain(b) || a.label - b.label).slice(0, MOST_ROWS);
  const which =
    rows.length < classes.length
      ? `The ${rows.length} of ${formatCount(classes.length)} classes that gained least.`
      : '';
  return html`
    <p>Sorted by what the accuracy under ${attack} gained, the least first. ${which}</p>
    <div class="scroll"><table>
      ${headings(text('Class'), ...['Images', `Natural, ${before}`, after, `${attack}, ${before}`, after].map(number))}
      <tbody>${rows.map(
        ({ label, n, natural, robust }) =>
          html`<tr><th scope="row">${className(label, classNames)}</th>${numberCells(
            formatCount(n),
            ...[natural.before, natural.after, robust.before, robust.after].map((right) => formatPercent(right / n)),
          )}</tr>`,
      )}</tbody>
    </table></div>`;
}
