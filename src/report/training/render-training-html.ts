import type { FigureDocument } from '../../figures/document.ts';
import { learningRate } from '../../figures/learning-rate.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { withAbsent } from '../absent.ts';
import { factList, headings, headlineBox, noteBox, number, numberCells, wide, wideCells } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { renderPage } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import type { MeasuredEpoch, TrainingReport } from './training-report.ts';
import { formatCount, formatDuration, formatLoss, formatPercent } from '../../notation/numbers.ts';

/**
 * The report of a training run as one HTML file: how it went from epoch to epoch, and by what settings.
 * @param document to draw figures on; nothing is left on it
 */
export function renderTrainingHtml(report: TrainingReport, document: FigureDocument): string {
  const { recipe, data, shape, classes, images, parameters, gimbal } = report;
  return renderPage({
    title: `${recipe}: training on ${data}`,
    heading: recipe,
    about:
      `trained on ${data}: ${formatCount(images)} images of ${shape}, ${classes} classes; ` +
      `${formatCount(parameters)} parameters`,
    made: report.made,
    opening: [headline(report), unfinished(report)],
    sections: [
      ...withAbsent([
        [
          curvesSection(report, document),
          {
            what: 'Curves',
            why: 'one epoch is one point, they come with the second',
            ...(report.epochs < 2 && { how: '--set epochs=2' }),
          },
        ],
      ]),
      epochsSection(report),
      settingsSection(report),
    ],
    gimbal,
    footnote:
      'Held-out accuracies steer a training; ' +
      'what a model withstands is for gimbal evaluate to say, on images of a test set.',
  });
}

function headline({ metrics }: TrainingReport): Markup | undefined {
  const last = metrics.at(-1);
  if (last?.natural === undefined || last.worstOf10 === undefined) return undefined;
  return headlineBox(
    [
      { label: 'images as they are', value: formatPercent(last.natural), kind: 'natural' },
      { label: 'worst of 10', value: formatPercent(last.worstOf10), kind: 'worst' },
    ],
    `accuracy on ${formatCount(last.heldOut)} images held out from the training data, after epoch ${last.epoch}`,
  );
}

function unfinished({ metrics, epochs }: TrainingReport): Markup | undefined {
  if (metrics.length === epochs) return undefined;
  const stopped = `The run stopped after ${metrics.length} of ${epochs} epochs.`;
  const how = html`The same command goes on with it.`;
  return noteBox(html`<h2>Not finished</h2><p>${stopped} ${how}</p>`);
}

function curvesSection({ metrics }: TrainingReport, document: FigureDocument): Section | undefined {
  if (metrics.length < 2) return undefined;
  const body = figures(
    figure(
      trainingCurves(document, metrics),
      'Loss and accuracy',
      'Loss on the training images; accuracies on images held out from them, ' +
        'the worst of 10 random transformations each.',
    ),
    figure(learningRate(document, metrics), 'Learning rate', 'At the last update of each epoch.'),
  );
  return { id: 'curves', title: 'Curves', short: 'Curves', body };
}

function epochsSection({ metrics }: TrainingReport): Section {
  const percent = (value: number | undefined): string => (value === undefined ? '–' : formatPercent(value));
  const row = ({ epoch, loss, natural, worstOf10, rate, imagesPerSecond, seconds }: MeasuredEpoch): Markup =>
    html`<tr><th scope="row" class="number">${epoch}</th>${[
      numberCells(formatLoss(loss), percent(natural), percent(worstOf10), Number(rate.toPrecision(3))),
      wideCells(formatCount(Math.round(imagesPerSecond)), formatDuration(seconds)),
    ]}</tr>`;
  const columns = headings(
    ...['Epoch', 'Loss', 'Natural', 'Worst of 10', 'Rate'].map(number),
    wide('Images/s'),
    wide('Time'),
  );
  const total = formatDuration(metrics.reduce((sum, { seconds }) => sum + seconds, 0));
  const body = html`
    <div class="scroll"><table>
      ${columns}
      <tbody>${metrics.map(row)}</tbody>
    </table></div>
    <p class="quiet small after">All epochs took ${total}, measuring not counted.</p>`;
  return { id: 'epochs', title: 'Every epoch', short: 'Epochs', body };
}

function settingsSection({ settings, start, command }: TrainingReport): Section {
  const facts = [...(start === undefined ? [] : [['begins with', start] as const]), ...settings];
  const why =
    'Everything random depends on the seed alone: ' +
    'with the same number of threads the same command ends with the same model.';
  const repeat = command === undefined ? undefined : html`<p>${why}</p><pre><code>${command}</code></pre>`;
  const body = html`
    ${repeat}
    ${factList(facts)}`;
  return { id: 'settings', title: 'Settings and how to repeat it', short: 'Settings', body };
}
