import { formatLoss, formatPercent } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { learningRate } from '../../figures/learning-rate.ts';
import { trainingCurves } from '../../figures/training-curves.ts';
import { html, type Markup } from '../markup.ts';
import { renderPage } from '../page.ts';
import { figure, figures, type Section } from '../section.ts';
import { formatCount, formatDuration } from '../words.ts';
import type { MeasuredEpoch, TrainingReport } from './training-report.ts';

/**
 * The report of a training run as one HTML file: how it went from epoch to epoch, and by what settings.
 * @param document to draw figures on; nothing is left on it
 */
export function renderTrainingHtml(report: TrainingReport, document: FigureDocument): string {
  const { recipe, data, shape, classes, images, parameters, gimbal } = report;
  return renderPage({
    title: `${recipe}: training on ${data}`,
    heading: recipe,
    about: `trained on ${data}: ${formatCount(images)} images of ${shape}, ${classes} classes; ${formatCount(parameters)} parameters`,
    opening: [headline(report), unfinished(report)],
    sections: [curvesSection(report, document), epochsSection(report), settingsSection(report)],
    gimbal,
    footnote:
      'Held-out accuracies steer a training; what a model withstands is for gimbal evaluate to say, on images of a test set.',
  });
}

function headline({ metrics }: TrainingReport): Markup | undefined {
  const last = metrics.at(-1);
  if (last?.natural === undefined || last.worstOf10 === undefined) return undefined;
  return html`<div class="headline"><div class="fall"><div><span class="label">images as they are</span><span class="figure natural">${formatPercent(last.natural)}</span></div><span class="arrow" aria-hidden="true">→</span><div><span class="label">worst of 10</span><span class="figure worst">${formatPercent(last.worstOf10)}</span></div></div><p>accuracy on ${formatCount(last.heldOut)} images held out from the training data, after epoch ${last.epoch}</p></div>`;
}

function unfinished({ metrics, epochs }: TrainingReport): Markup | undefined {
  if (metrics.length === epochs) return undefined;
  return html`<div class="warnings" role="note"><h2>Not finished</h2><p>The run stopped after ${metrics.length} of ${epochs} epochs. The same command with <code>--resume</code> goes on with it.</p></div>`;
}

function curvesSection({ metrics }: TrainingReport, document: FigureDocument): Section | undefined {
  if (metrics.length < 2) return undefined;
  const body = figures(
    figure(
      trainingCurves(document, metrics),
      'Loss and accuracy',
      'Loss on the training images; accuracies on images held out from them, the worst of 10 random transformations each.',
    ),
    figure(learningRate(document, metrics), 'Learning rate', 'At the last update of each epoch.'),
  );
  return { id: 'curves', title: 'Curves', short: 'Curves', body };
}

function epochsSection({ metrics }: TrainingReport): Section {
  const percent = (value: number | undefined): string => (value === undefined ? '–' : formatPercent(value));
  const row = ({ epoch, loss, natural, worstOf10, rate, imagesPerSecond, seconds }: MeasuredEpoch): Markup =>
    html`<tr><th scope="row" class="number">${epoch}</th><td class="number">${formatLoss(loss)}</td><td class="number">${percent(natural)}</td><td class="number">${percent(worstOf10)}</td><td class="number">${Number(rate.toPrecision(3))}</td><td class="number wide">${formatCount(Math.round(imagesPerSecond))}</td><td class="number wide">${formatDuration(seconds)}</td></tr>`;
  const body = html`
    <div class="scroll"><table>
      <thead><tr><th scope="col" class="number">Epoch</th><th scope="col" class="number">Loss</th><th scope="col" class="number">Natural</th><th scope="col" class="number">Worst of 10</th><th scope="col" class="number">Rate</th><th scope="col" class="number wide">Images/s</th><th scope="col" class="number wide">Time</th></tr></thead>
      <tbody>${metrics.map(row)}</tbody>
    </table></div>
    <p class="quiet small after">All epochs took ${formatDuration(metrics.reduce((sum, { seconds }) => sum + seconds, 0))}, measuring not counted.</p>`;
  return { id: 'epochs', title: 'Every epoch', short: 'Epochs', body };
}

function settingsSection({ settings, start, command }: TrainingReport): Section {
  const facts = [...(start === undefined ? [] : [['begins with', start] as const]), ...settings];
  const body = html`
    ${command === undefined ? undefined : html`<p>Everything random depends on the seed alone: with the same number of threads the same command ends with the same model.</p><pre><code>${command}</code></pre>`}
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  return { id: 'settings', title: 'Settings and how to repeat it', short: 'Settings', body };
}
