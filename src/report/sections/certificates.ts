import type { Grade } from '../../attacks/attack.ts';
import type { Certified } from '../../evaluation/records.ts';
import { describeRadii } from '../certificate-words.ts';
import { headings, number, text, wide } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';
import { formatCount, formatInterval, formatPercent } from '../../notation/numbers.ts';

/** What is proved of how many images, and what that means. */
export function certificatesSection({ result }: ReportInput): Section | undefined {
  const entries = Object.entries(result.certificates ?? {}) as [Grade, Certified][];
  if (entries.length === 0) return undefined;
  const rows = entries.map(([grade, certified]) => row(grade, certified, result.evaluations.byAttack));
  const body = html`
    <p>An image is proved when everything that it can become was run and classified right, bounded when enough draws
      say so
      with the confidence named. An image that is wrong as it is is neither.</p>
    <div class="scroll"><table>
      ${headings(text('What'), number('Images'), number('Share'), number('95 % interval'), wide('Passes an image'))}
      <tbody>${rows}</tbody></table></div>`;
  return { id: 'certificates', title: 'What is certain', short: 'Certificates', body };
}

function row(grade: Grade, certified: Certified, passes: Readonly<Record<string, number>>): Markup {
  const { attack, proved, n, share, interval, meaning, undecided = 0 } = certified;
  const radii = describeRadii(certified);
  const hold = radii === undefined ? '' : ` All hold up to: ${radii}.`;
  const open = undecided === 0 ? '' : ` Passes ran out on ${formatCount(undecided)} images that nothing fooled before.`;
  return html`
    <tr>
      <th scope="row">${grade}<small>${meaning}${hold}${open}</small></th>
      <td class="number strong">${formatCount(proved)} of ${formatCount(n)}</td>
      <td class="number">${formatPercent(share, 2)}</td>
      <td class="number">${formatInterval(interval)}</td>
      <td class="number wide">${formatCount(Math.round((10 * passes[attack]) / Math.max(1, n)) / 10)}</td>
    </tr>`;
}
