import { accuracyByClass } from '../../figures/accuracy-by-class.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { worstAttack } from '../headline.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { className } from '../words.ts';
import { largestOf, leastOf } from '../../statistics/extremes.ts';

/** Rows that a chart holds without becoming a list to scroll through. */
const MOST_ROWS = 20;
/** Images below which the accuracy of a class says nothing. */
const FEWEST_IMAGES = 5;

/** Accuracy by class, natural against the worst case; of many classes those that fell most. */
export function classesSection(
  { result, classes = [], classNames }: ReportInput,
  document: FigureDocument,
): Section | undefined {
  const worst = worstAttack(result);
  const counted = classes.filter(({ n }) => n >= FEWEST_IMAGES);
  if (worst === undefined || counted.length < 2) return undefined;
  const rows = counted.map(({ label, n, natural, robust }) => ({
    name: className(label, classNames),
    n,
    natural: natural / n,
    worst: robust / n,
  }));
  const shown = rows
    .toSorted((a, b) => b.natural - b.worst - (a.natural - a.worst))
    .slice(0, MOST_ROWS)
    .toSorted((a, b) => b.worst - a.worst || b.natural - a.natural);
  const which =
    shown.length < rows.length
      ? `The ${shown.length} of ${rows.length} classes that fell most.`
      : 'Sorted by the accuracy that is left.';
  const range = [leastOf(shown.map(({ n }) => n)), largestOf(shown.map(({ n }) => n))];
  const explanation = `${which} ${range[0] === range[1] ? range[0] : `${range[0]} to ${range[1]}`} images a class.`;
  const body = html`${figures(figure(accuracyByClass(document, shown, worst.name), `Natural accuracy and accuracy under ${worst.name}`, explanation))}`;
  return { id: 'classes', title: 'Accuracy by class', short: 'Classes', body };
}
