import { accuracyByAttack } from '../../figures/accuracy-by-attack.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { attackOf } from '../attack-of.ts';
import { headings, number, text, wide } from '../components.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, type Section } from '../section.ts';
import { describeAttack, describeInference, describeJudgement, describeRange } from '../words.ts';
import { formatCount, formatDuration, formatInterval, formatPercent } from '../../notation/numbers.ts';

/** Accuracy under every attack: the table with intervals, and the same as bars. */
export function accuracySection({ result, setting }: ReportInput, document: FigureDocument): Section {
  const attacks = Object.entries(result.attacks).map(([name, summary]) => ({ name, ...summary }));
  // Radii of pixel noise have a chart of their own.
  const bars = attacks.filter(({ name }) => attackOf(name, setting).figure?.kind !== 'radius');
  const { made, exhaustive } = result.evaluations;
  const voted = attacks.some(({ everyQuery }) => everyQuery !== undefined);
  const rows = attacks.map(
    ({ name, accuracy, interval, correct, n, everyQuery }) => html`
    <tr>
      <th scope="row">${name}<small>${describeAttack(name, setting)}</small></th>
      <td class="number strong">${formatPercent(accuracy, 2)}</td>
      <td class="number">${formatInterval(interval)}</td>
      ${
        voted
          ? html`<td class="number">${everyQuery === undefined ? '' : formatPercent(everyQuery.accuracy, 2)}</td>`
          : html`<td class="number wide">${formatCount(correct)} of ${formatCount(n)}</td>`
      }
    </tr>`,
  );
  const chart = accuracyByAttack(document, bars.length > 0 ? bars : attacks);
  const columns = headings(
    text('Attack'),
    number('Accuracy'),
    number('95 % interval'),
    voted ? number('Every query right') : wide('Images right'),
  );
  const left = result.skipped > 0 ? `, ${formatCount(result.skipped)} more could not be read` : '';
  const reason =
    setting.vote === undefined
      ? 'an image that is already fooled is not tried further'
      : 'a vote ends once its winner is settled';
  const spared =
    made < exhaustive
      ? ` instead of the ${formatCount(exhaustive)} that trying every candidate takes: ${reason}, ` +
        'which changes no verdict'
      : '';
  const body = html`
    <p>${describeJudgement(setting)}
      The transformations are ${describeRange(setting.box)}. ${describeInference(setting).join(' ')}</p>
    <div class="figures">
      <div class="scroll"><table>
        ${columns}
        <tbody>${rows}</tbody>
      </table></div>
      ${figure(chart, 'Accuracy by attack', 'The thin line is the 95 % Wilson interval.')}
    </div>
    <p class="quiet small after">${formatCount(result.n)} images${left}.
      ${formatCount(made)} forward passes${spared}.
      It took ${formatDuration(result.seconds)}.</p>`;
  return { id: 'accuracy', title: 'Accuracy under each attack', short: 'Accuracy', body };
}
