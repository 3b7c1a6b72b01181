import { accuracyCompared } from '../../figures/accuracy-compared.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { factList, headings, headlineBox, number, numberCells, text } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { renderPage, UPPER_BOUND } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import { exampleCard } from '../sections/examples.ts';
import { describeAttack, describeRange } from '../words.ts';
import { FEW, studyFalls } from './study-falls.ts';
import type { StudyReport } from './study-report.ts';
import { accuracyOf, notesOf, originOf, SHIPPED, type Table, tablesOf, type TableCell } from './study-table.ts';
import { formatCount, formatDuration, formatPercent } from '../../notation/numbers.ts';

/**
 * The report of a study as one HTML file that needs nothing else; only its links lead to the reports of single runs.
 * @param document to draw figures on; nothing is left on it
 */
export function renderStudyHtml(report: StudyReport, document: FigureDocument): string {
  return renderPage({
    title: report.title,
    heading: report.title,
    about: report.data,
    made: report.made,
    opening: headline(report),
    sections: [
      tableSection(report, document),
      contrastSection(report),
      trainingSection(report, document),
      repeatSection(report),
    ],
    interactive: true,
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
  return headlineBox(
    kept.map(({ title, accuracy }, i) => ({
      label: title,
      value: formatPercent(accuracy),
      kind: (['first', 'second', 'third'] as const)[i],
    })),
    'accuracy under the worst of a grid of rotations and shifts',
  );
}

function tableSection(report: StudyReport, document: FigureDocument): Section {
  const { setting } = report;
  const falls = studyFalls(report, document);
  const how = 'From images as they are to the worst of the grid, there with the 95 % Wilson interval.';
  const sideBySide = falls === undefined ? undefined : figures(figure(falls, 'Side by side', how), attackList(report));
  const right = 'An image counts as right under an attack when the classifier names its true class on';
  const body = html`
    <p>Accuracy in percent, with 95 % Wilson intervals. ${right}
      everything that the attack tries. The transformations are ${describeRange(setting.box)}.</p>
    ${sideBySide}
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
  const rows = lines.map(
    ({ title: row, source, cells }) =>
      html`<tr><th scope="row">${row}${small(source)}</th>${cells.map(tableCell)}</tr>`,
  );
  return html`${title === undefined ? undefined : html`<h3>${title}</h3>`}<div class="scroll"><table>
      ${headings(text('Classifier'), ...columns.map(number))}
      <tbody>${rows}</tbody>
    </table></div>`;
}

function tableCell(content: TableCell | undefined): Markup {
  if (content === undefined) return html`<td class="number quiet">–</td>`;
  const { accuracy, interval, n = 0 } = content;
  const below =
    interval === undefined ? undefined : html`<small class="quiet below">${interval}<br>n = ${formatCount(n)}</small>`;
  return html`<td class="number"><span class="strong">${accuracy}</span>${below}</td>`;
}

function small(words: string | undefined): Markup | undefined {
  return words === undefined ? undefined : html`<small>${words}</small>`;
}

function attackList(report: StudyReport): Markup {
  const { setting } = report;
  const names = new Set(tablesOf(report).flatMap(({ columns }) => columns));
  return factList([...names].map((name) => [name, describeAttack(name, setting)] as const));
}

function contrastSection({ contrast, classNames }: StudyReport): Section | undefined {
  if (contrast === undefined || contrast.examples.length === 0) return undefined;
  const { fooled, robust, attack, examples } = contrast;
  const where = 'right as it is (left) and wrong once it is turned and shifted (right)';
  const which = 'The first of each class are shown, not the most striking ones.';
  const body = html`
    <p>The ${fooled} classifier reads each of these images ${where}.
      The ${robust} one reads them right on everything that <code>${attack}</code> tries. ${which}</p>
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
  const rows = training.map(({ classifier, recipe, parameters, seed, epochs, shipped }) => {
    const took = formatDuration(epochs.reduce((sum, { seconds }) => sum + seconds, 0));
    const name = html`<th scope="row">${classifier}${small(shipped === true ? SHIPPED : undefined)}</th>`;
    const cells = numberCells(formatCount(parameters), epochs.length, seed, took);
    return html`<tr>${name}<td><code>${recipe}</code></td>${cells}</tr>`;
  });
  const curves = training
    .filter(({ epochs }) => epochs.length > 1)
    .map(({ classifier, epochs, shipped }) =>
      figure(
        trainingCurves(document, epochs),
        shipped === true ? `${classifier}, ${SHIPPED}` : classifier,
        'Loss on the training images; accuracies on images held out from them.',
      ),
    );
  const columns = headings(text('Classifier'), text('Recipe'), ...['Parameters', 'Epochs', 'Seed', 'Time'].map(number));
  const body = html`
    <div class="scroll"><table>
      ${columns}
      <tbody>${rows}</tbody>
    </table></div>
    ${figures(...curves)}`;
  return { id: 'training', title: 'Training', short: 'Training', body };
}

function repeatSection({ command, details }: StudyReport): Section {
  const runs = details.flatMap((detail) => ('path' in detail ? [detail] : []));
  const shipped = details.flatMap((detail) => ('command' in detail ? [detail] : []));
  const why =
    'Everything random depends on the seed alone: on the same kind of machine with the same number of threads ' +
    'the numbers come out the same.';
  const links = runs.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`);
  const commands = shipped.map(({ title, command: made, machine, seconds }) => {
    const where = machine === undefined ? undefined : `, ${machine}`;
    return html`<li>${title}: <code>${made}</code> (${formatDuration(seconds)}${where})</li>`;
  });
  const body = html`
    <p>${why}</p>
    <pre><code>${command}</code></pre>
    ${list('Each run has a report of its own, with more images, classes and the loss around single images:', links)}
    ${list('The shipped results came from these commands, with the data of their names:', commands)}`;
  return { id: 'repeat', title: 'How to repeat it', short: 'Repeat', body };
}

function list(what: string, items: readonly Markup[]): Markup | undefined {
  return items.length === 0 ? undefined : html`<p>${what}</p><ul>${items}</ul>`;
}
