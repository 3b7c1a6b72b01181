import { accuracyCompared } from '../../figures/accuracy-compared.ts';
import { fallsCompared } from '../../figures/falls-compared.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { withAbsent } from '../absent.ts';
import { headings, noteBox, number, text } from '../components.ts';
import { html, type Content, type Markup } from '../markup.ts';
import { formatDay } from '../made.ts';
import { renderPage, UPPER_BOUND } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import { classesOfRuns } from './classes-of-runs.ts';
import { attacksOf, hardestShared, type RunsReport } from './runs-report.ts';
import { survivalOfRuns } from './survival-of-runs.ts';
import {
  formatChange,
  formatChangeInterval,
  formatCount,
  formatInterval,
  formatPoints,
} from '../../notation/numbers.ts';

/** Runs up to which bars show more than lines. */
const FEW = 4;

/**
 * Runs side by side as one HTML file: accuracies, falls, what is withstood, classes.
 * @param document to draw figures on; nothing is left on it
 */
export function renderRunsHtml(report: RunsReport, document: FigureDocument): string {
  const { runs, data, images, notes, gimbal, command } = report;
  const title = `${runs.length} runs on ${data}`;
  return renderPage({
    title,
    heading: title,
    about: `on the ${formatCount(images)} images that all of them hold`,
    made: report.made,
    opening: notes.length === 0 ? undefined : noteBox(notes.map((note) => html`<p>${note}</p>`)),
    sections: [
      accuracySection(report, document),
      changesSection(report),
      ...withAbsent([
        [
          survivalOfRuns(report, document),
          {
            what: 'How much each withstands',
            why: 'no run looked for the smallest transformation that fools',
            how: 'gimbal evaluate … --attacks tolerance',
          },
        ],
        [classesOfRuns(report), { what: 'By class', why: 'all images that the runs share are of one class' }],
      ]),
      {
        id: 'repeat',
        title: 'How to repeat it',
        short: 'Repeat',
        body: html`<pre><code>${command}</code></pre>`,
      },
    ],
    interactive: true,
    gimbal,
    footnote: UPPER_BOUND,
  });
}

function accuracySection(report: RunsReport, document: FigureDocument): Section {
  const { runs } = report;
  const attacks = attacksOf(report);
  const measured = runs.map(({ name, tally }) => ({
    name,
    attacks: Array.from(tally.attacks, ([attack, rate]) => ({ name: attack, ...rate })),
  }));
  const stages = stagesOf(report);
  const falls =
    stages.length < 2
      ? undefined
      : figure(
          fallsCompared(document, stages, measured),
          'How far each falls',
          `From images as they are down to ${stages[stages.length - 1]}, there with the 95 % Wilson interval.`,
        );
  const bars =
    runs.length > FEW
      ? undefined
      : figure(
          accuracyCompared(document, attacks, measured),
          'Side by side',
          'The thin line is the 95 % Wilson interval.',
        );
  const body = html`
    <p>Accuracy in percent with 95 % Wilson intervals.</p>
    ${table(report, report.runs, (run, attack) => {
      const rate = run.tally.attacks.get(attack);
      return rate && cell(formatPoints(rate.accuracy), formatInterval(rate.interval));
    })}
    ${figures(falls, bars)}`;
  return { id: 'accuracy', title: 'Accuracy under each attack', short: 'Accuracy', body };
}

/** Natural, worst-of-10 where all have it, and the attack that leaves the least. */
function stagesOf(report: RunsReport): string[] {
  const between = 'worst-of-10';
  const last = hardestShared(report);
  const shared = report.runs.every(({ tally }) => tally.attacks.has(between));
  return [...new Set(['natural', ...(shared && last !== 'natural' ? [between] : []), last])];
}

function changesSection(report: RunsReport): Section {
  const [first, ...others] = report.runs;
  const body = html`
    <p>Points of accuracy against <b>${first.name}</b>, image by image, with the 95 % interval for paired
      proportions (Newcombe 1998):
      one that does not hold 0 tells the two apart.</p>
    ${table(report, others, (run, attack) => {
      const change = run.differences.get(attack);
      return change && cell(formatChange(change.difference), formatChangeInterval(change.interval));
    })}`;
  return { id: 'changes', title: `Against ${first.name}`, short: 'Changes', body };
}

type Run = RunsReport['runs'][number];

/** A row for each run, a column for each attack. */
function table(
  report: RunsReport,
  runs: readonly Run[],
  content: (run: Run, attack: string) => Markup | undefined,
): Markup {
  const attacks = attacksOf(report);
  const rows = runs.map((run) => {
    const day = run.made?.begun && html`<br>${formatDay(run.made.begun)}`;
    const cells = attacks.map((attack): Content => content(run, attack) ?? html`<td class="number quiet">–</td>`);
    return html`
      <tr><th scope="row">${run.name}<small>${run.folder}${day}</small></th>${cells}</tr>`;
  });
  return html`<div class="scroll"><table>
    ${headings(text('Run'), ...attacks.map(number))}
    <tbody>${rows}</tbody></table></div>`;
}

function cell(value: string, below: string): Markup {
  return html`<td class="number"><span class="strong">${value}</span><small class="quiet below">${below}</small></td>`;
}
