import { escapeMarkdown } from '../escape-markdown.ts';
import { type ModelsReport, rowsOf } from './models-report.ts';
import { formatLoss, formatPercent } from '../../notation/numbers.ts';

/** The table of two models' landscapes, fit for a comment on a pull request. */
export function renderModelsMarkdown(report: ModelsReport): string {
  return [
    `### Loss over angle and shift: ${report.models.map(escapeMarkdown).join(' and ')} on ` +
      `${escapeMarkdown(report.data)}`,
    '',
    '| landscape | classifier | loss as it is | highest loss | wrong at |',
    '|---|---|--:|--:|--:|',
    ...rowsOf(report).map(
      ({ landscape, classifier, lossAsItIs, highestLoss, wrong }) =>
        `| ${escapeMarkdown(landscape)} | ${escapeMarkdown(classifier)} | ${formatLoss(lossAsItIs)} | ` +
        `${formatLoss(highestLoss)} | ${formatPercent(wrong)} |`,
    ),
    '',
  ].join('\n');
}
