import type { ClassCount } from '../../evaluation/tally-shared.ts';
import { headings, number, numberCells, sortableTable, text } from '../components.ts';
import { html } from '../markup.ts';
import type { Section } from '../section.ts';
import { className } from '../words.ts';
import { hardestShared, type RunsReport } from './runs-report.ts';
import { formatCount, formatPercent } from '../../notation/numbers.ts';

/** Rows that a table holds before only the weakest classes are shown. */
const MOST_ROWS = 100;

/** Accuracy of each run by class, under the hardest attack that all made; the weakest class first. */
export function classesOfRuns(report: RunsReport): Section | undefined {
  const { runs, classNames } = report;
  const attack = hardestShared(report);
  const byRun = runs.map(({ tally }) => tally.classes.get(attack)!);
  const labels = [...byRun[0].keys()];
  if (labels.length < 2) return undefined;
  const share = ({ n, right }: ClassCount): number => right / n;
  const classes = labels
    .map((label) => ({ label, shares: byRun.map((counts) => share(counts.get(label)!)) }))
    .sort((a, b) => sum(a.shares) - sum(b.shares) || a.label - b.label);
  const shown = classes.slice(0, MOST_ROWS);
  const which =
    shown.length < classes.length ? ` The ${shown.length} weakest of ${formatCount(classes.length)} are shown.` : '';
  const rows = shown.map(
    ({ label, shares }) => html`
      <tr><th scope="row">${className(label, classNames)}</th>${numberCells(
        formatCount(byRun[0].get(label)!.n),
        ...shares.map((one) => formatPercent(one)),
      )}</tr>`,
  );
  const body = html`
    <p>Accuracy under <code>${attack}</code>, the hardest attack that all runs made; the weakest class
      first.${which}</p>
    ${sortableTable(headings(text('Class'), number('Images'), ...runs.map(({ name }) => number(name))), rows)}`;
  return { id: 'classes', title: 'By class', short: 'Classes', body };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
