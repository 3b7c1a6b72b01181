import { accuracyCompared } from '../../figures/accuracy-compared.ts';
import { formatPercent } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { html, type Markup } from '../markup.ts';
import { renderPage, UPPER_BOUND } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import { exampleCard } from '../sections/examples.ts';
import { describeAttack, describeRange, formatCount, formatDuration } from '../words.ts';
import { FEW, studyFalls } from './study-falls.ts';
import type { StudyReport } from './study-report.ts';
import { accuracyOf, notesOf, originOf, SHIPPED, type Table, tablesOf, type TableCell } from './study-table.ts';

/**
 * The report of a study as one HTML file that needs nothing else; only its links lead to the reports of single runs.
 * @param document to draw figures on; nothing is left on it
 */
export function renderStudyHtml(report: StudyReport, document: FigureDocument): string {
  return renderPage({
    title: report.title,
    heading: report.title,
    about: report.data,
    opening: headline(report),
    sections: [
      tableSection(report, document),
      contrastSection(report),
      trainingSection(report, document),
      repeatSection(report),
    ],
    gimbal: report.gimbal,
    footnote: UPPER_BOUND,
  });
}

/** What each row keeps in the worst case that all of them were measured under. */
function headline({ rows, columns }: StudyReport): Markup | undefined {
  const worst = columns.includes('grid') ? 'grid' : undefined;
  const kept = rows.flatMap(({ row, cells }) => {
    const summary = worst === undefined ? undefined : cells.get(worst);
    return summary === undefined ? [] : [{ title: row.title, accuracy: summary.accuracy }];
  });
  // More than these do not fit a line, and a long table is no headline.
  if (kept.length < 2 || kept.length > 3) return undefined;
  return html`<div class="headline"><div class="fall">${kept.map(({ title, accuracy }, i) => html`${i === 0 ? undefined : html`<span class="arrow" aria-hidden="true">→</span>`}<div><span class="label">${title}</span><span class="figure ${i === 0 ? 'natural' : 'worst'}">${formatPercent(accuracy)}</span></div>`)}</div><p>accuracy under the worst of a grid of rotations and shifts</p></div>`;
}

function tableSection(report: StudyReport, document: FigureDocument): Section {
  const { setting } = report;
  const falls = studyFalls(report, document);
  const body = html`
    <p>Accuracy in percent, with 95 % Wilson intervals. An image counts as right under an attack when the classifier names its true class on
      everything that the attack tries. The transformations are ${describeRange(setting.box)}.</p>
    ${falls === undefined ? undefined : figures(figure(falls, 'Side by side', 'From images as they are to the worst of the grid, there with the 95 % Wilson interval.'), attackList(report))}
    ${tablesOf(report).map(table)}
    ${notesOf(report).map((note) => html`<p class="quiet small after">${note}</p>`)}
    ${falls === undefined ? figures(bars(report, document), attackList(report)) : undefined}`;
  return { id: 'accuracy', title: 'Accuracy under each attack', short: 'Accuracy', body };
}

function bars({ columns, rows }: StudyReport, document: FigureDocument): Markup | undefined {
  if (rows.length > FEW) return undefined;
  const compared = rows.map((measured) => ({
    name: [measured.row.title, originOf(measured)].filter((words) => words !== undefined).join(', '),
    attacks: columns.flatMap((name) => accuracyOf(measured, name) ?? []),
  }));
  return figure(
    accuracyCompared(
      document,
      columns.filter((name) => rows.some(({ cells }) => cells.has(name))),
      compared,
    ),
    'Side by side',
    'The thin line is the 95 % Wilson interval.',
  );
}

function table({ title, columns, lines }: Table): Markup {
  const cell = (content: TableCell | undefined): Markup =>
    content === undefined
      ? html`<td class="number quiet">–</td>`
      : html`<td class="number"><span class="strong">${content.accuracy}</span>${content.interval === undefined ? undefined : html`<small class="quiet below">${content.interval}<br>n = ${formatCount(content.n ?? 0)}</small>`}</td>`;
  return html`${title === undefined ? undefined : html`<h3>${title}</h3>`}<div class="scroll"><table>
      <thead><tr><th scope="col">Classifier</th>${columns.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${lines.map(({ title: row, source, cells }) => html`<tr><th scope="row">${row}${source === undefined ? undefined : html`<small>${source}</small>`}</th>${cells.map(cell)}</tr>`)}</tbody>
    </table></div>`;
}

function attackList(report: StudyReport): Markup {
  const { setting } = report;
  const names = new Set(tablesOf(report).flatMap(({ columns }) => columns));
  return html`<dl class="facts">${[...names].map((name) => html`<div><dt>${name}</dt><dd>${describeAttack(name, setting)}</dd></div>`)}</dl>`;
}

function contrastSection({ contrast, classNames }: StudyReport): Section | undefined {
  if (contrast === undefined || contrast.examples.length === 0) return undefined;
  const { fooled, robust, attack, examples } = contrast;
  const body = html`
    <p>The ${fooled} classifier reads each of these images right as it is (left) and wrong once it is turned and shifted (right).
      The ${robust} one reads them right on everything that <code>${attack}</code> tries. The first of each class are shown, not the most striking ones.</p>
    <ul class="examples">${examples.map((example) => exampleCard(example, classNames))}</ul>`;
  return {
    id: 'examples',
    title: `Images that fool the ${fooled} classifier and not the ${robust} one`,
    short: 'Images',
    body,
  };
}

function trainingSection({ training }: StudyReport, document: FigureDocument): Section | undefined {
  if (training.length === 0) return undefined;
  const body = html`
    <div class="scroll"><table>
      <thead><tr><th scope="col">Classifier</th><th scope="col">Recipe</th><th scope="col" class="number">Parameters</th><th scope="col" class="number">Epochs</th><th scope="col" class="number">Seed</th><th scope="col" class="number">Time</th></tr></thead>
      <tbody>${training.map(({ classifier, recipe, parameters, seed, epochs, shipped }) => html`<tr><th scope="row">${classifier}${shipped === true ? html`<small>${SHIPPED}</small>` : undefined}</th><td><code>${recipe}</code></td><td class="number">${formatCount(parameters)}</td><td class="number">${epochs.length}</td><td class="number">${seed}</td><td class="number">${formatDuration(epochs.reduce((sum, { seconds }) => sum + seconds, 0))}</td></tr>`)}</tbody>
    </table></div>
    ${figures(...training.filter(({ epochs }) => epochs.length > 1).map(({ classifier, epochs, shipped }) => figure(trainingCurves(document, epochs), shipped === true ? `${classifier}, ${SHIPPED}` : classifier, 'Loss on the training images; accuracies on images held out from them.')))}`;
  return { id: 'training', title: 'Training', short: 'Training', body };
}

function repeatSection({ command, details }: StudyReport): Section {
  const runs = details.flatMap((detail) => ('path' in detail ? [detail] : []));
  const shipped = details.flatMap((detail) => ('command' in detail ? [detail] : []));
  const body = html`
    <p>Everything random depends on the seed alone: on the same kind of machine with the same number of threads the numbers come out the same.</p>
    <pre><code>${command}</code></pre>
    ${runs.length === 0 ? undefined : html`<p>Each run has a report of its own, with more images, classes and the loss around single images:</p><ul>${runs.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`)}</ul>`}
    ${shipped.length === 0 ? undefined : html`<p>The shipped results came from these commands, with the data of their names:</p><ul>${shipped.map(({ title, command: made, machine, seconds }) => html`<li>${title}: <code>${made}</code> (${formatDuration(seconds)}${machine === undefined ? undefined : `, ${machine}`})</li>`)}</ul>`}`;
  return { id: 'repeat', title: 'How to repeat it', short: 'Repeat', body };
}
