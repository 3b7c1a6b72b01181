import { headings, number, sortableTable, text, wide } from '../components.ts';
import type { Failure } from '../failures.ts';
import { html, type Content } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import type { Section } from '../section.ts';
import { className, describeTransformation } from '../words.ts';
import { formatCount, formatLoss, formatPercent } from '../../notation/numbers.ts';

/** Rows that the page holds; the file has all. */
const MOST_ROWS = 300;

/** Every image that the model gets wrong, by how little it takes. */
export function failuresSection({ failures = [], classNames, setting }: ReportInput): Section | undefined {
  if (failures.length === 0) return undefined;
  const rest = failures.length - MOST_ROWS;
  const body = html`
    <p>${formatCount(failures.length)} images are wrong as they are or under some attack. Each is listed with the
      smallest transformation known to fool it, by the largest share of a limit that it takes. ${
        setting.vote === undefined
          ? 'Where that was searched for it is marked with •; elsewhere an attack ended at the first one that ' +
            'fooled, and a smaller one may do.'
          : ''
      }
      ${rest > 0 ? `Here are the first ${formatCount(MOST_ROWS)}. ` : ''}All are in
      <code>failures.csv</code> beside this page.</p>
    ${sortableTable(
      headings(
        text('Image'),
        text('Class'),
        text('Taken for'),
        text('Transformation'),
        number('Takes'),
        { title: 'Attack', kind: 'wide-text' },
        wide('Loss'),
      ),
      failures.slice(0, MOST_ROWS).map((failure) => row(failure, classNames)),
    )}`;
  return { id: 'failures', title: 'What is wrong, by how little it takes', short: 'Failures', body };
}

function row(failure: Failure, classNames: readonly string[] | undefined): Content {
  const { index, file, label, predicted, attack, transformation, size, smallest, loss } = failure;
  const what =
    attack === 'natural' ? 'none' : size === undefined ? 'pixel noise' : describeTransformation(transformation);
  const share = size === undefined ? '' : formatPercent(size, 0);
  const mark = smallest && attack !== 'natural' ? ' •' : '';
  return html`
    <tr>
      <td data-value="${index}" class="file">${file ?? index}</td>
      <td>${className(label, classNames)}</td>
      <td>${className(predicted, classNames)}</td>
      <td>${what}</td>
      <td class="number" data-value="${size ?? 2}">${share}${mark}</td>
      <td class="wide">${attack}</td>
      <td class="number wide" data-value="${loss}">${formatLoss(loss)}</td>
    </tr>`;
}
