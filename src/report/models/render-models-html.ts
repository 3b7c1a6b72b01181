import type { FigureDocument } from '../../figures/document.ts';
import { landscapesCompared } from '../../figures/landscapes-compared.ts';
import { nothingHappens } from '../../figures/loss-landscape.ts';
import { headings, number, numberCells, text } from '../components.ts';
import { html } from '../markup.ts';
import { renderPage } from '../page.ts';
import { figure, figures } from '../section.ts';
import { type ModelsReport, rowsOf } from './models-report.ts';
import { formatLoss, formatPercent } from '../../notation/numbers.ts';

/**
 * The loss landscapes of two models as one HTML file.
 * @param document to draw figures on; nothing is left on it
 */
export function renderModelsHtml(report: ModelsReport, document: FigureDocument): string {
  const { models, data, landscapes, command, gimbal, made } = report;
  const title = models.join(' and ');
  const images = landscapes.filter(({ file }) => file !== 'landscape-mean.svg').length;
  return renderPage({
    title: `${title}: loss landscapes on ${data}`,
    heading: title,
    about: `on ${images} ${images === 1 ? 'image' : 'images'} of ${data}`,
    made,
    sections: [
      {
        id: 'landscapes',
        title: 'The loss over angle and shift',
        short: 'Loss',
        body: html`
    <p>Each pair has one scale of colours: where the loss is high the model is sure of a wrong class, and a flat map
      is of one colour. The image is shifted sideways, not up or down.</p>
    ${figures(
      ...landscapes.map(({ name, landscapes: compared }) =>
        figure(
          landscapesCompared(document, name, compared),
          `${name[0].toUpperCase()}${name.slice(1)}`,
          compared.every(nothingHappens) ? 'Nothing happens: both are right and sure at every point.' : undefined,
        ),
      ),
    )}`,
      },
      { id: 'table', title: 'In numbers', short: 'Numbers', body: table(report) },
      { id: 'repeat', title: 'How to repeat it', short: 'Repeat', body: html`<pre><code>${command}</code></pre>` },
    ],
    gimbal,
  });
}

function table(report: ModelsReport) {
  const rows = rowsOf(report).map(
    ({ landscape, classifier, lossAsItIs, highestLoss, wrong }) => html`
      <tr><th scope="row">${landscape}</th><td>${classifier}</td>${numberCells(
        formatLoss(lossAsItIs),
        formatLoss(highestLoss),
        formatPercent(wrong),
      )}</tr>`,
  );
  return html`<div class="scroll"><table>
    ${headings(
      text('Landscape'),
      text('Classifier'),
      number('Loss as it is'),
      number('Highest loss'),
      number('Wrong at'),
    )}
    <tbody>${rows}</tbody></table></div>`;
}
