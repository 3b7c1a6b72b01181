import { accuracyByClass } from '../../figures/accuracy-by-class.ts';
import { confusions } from '../../figures/confusions.ts';
import type { FigureDocument } from '../../figures/document.ts';
import type { ClassTally } from '../../evaluation/tally-classes.ts';
import { largestOf, leastOf } from '../../statistics/extremes.ts';
import { byWeakness, confusedClasses, type ClassRow, classRows, confusionShares } from '../class-rows.ts';
import { headings, number, sortableTable, text, wide } from '../components.ts';
import { worstAttack } from '../headline.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';
import { className } from '../words.ts';
import { formatPercent } from '../../notation/numbers.ts';

/** Rows that a chart holds without becoming a list to scroll through. */
const MOST_ROWS = 20;
/** Images below which the accuracy of a class says too little for a chart; the table has all. */
const FEWEST_IMAGES = 5;
/** Classes that a picture of confusions holds. */
const MOST_CONFUSED = 14;

/** What became of every class: charts of the weakest, and a table of all. */
export function classesSection(input: ReportInput, document: FigureDocument): Section | undefined {
  const { classes = [] } = input;
  const worst = worstAttack(input);
  if (worst === undefined || classes.length < 2) return undefined;
  const body = html`
    ${figures(chart(input, worst.name, document), picture(input, worst.name, document))}
    <h3 class="after">All ${classes.length} classes, the weakest first</h3>
    ${table(classRows(input, worst.name))}`;
  return { id: 'classes', title: 'Accuracy by class', short: 'Classes', body };
}

function chart(
  { classes = [], classNames }: ReportInput,
  attack: string,
  document: FigureDocument,
): Markup | undefined {
  const counted = classes.filter(({ n }) => n >= FEWEST_IMAGES);
  if (counted.length < 2) return undefined;
  const shown = counted.toSorted(byWeakness).slice(0, MOST_ROWS).toReversed();
  const which =
    shown.length < counted.length ? `The ${shown.length} weakest of ${counted.length} classes.` : 'The weakest last.';
  const range = [leastOf(shown.map(({ n }) => n)), largestOf(shown.map(({ n }) => n))];
  const images = range[0] === range[1] ? range[0] : `${range[0]} to ${range[1]}`;
  const rows = shown.map(({ label, n, natural, robust }) => ({
    name: className(label, classNames),
    n,
    natural: natural / n,
    worst: robust / n,
  }));
  return figure(
    accuracyByClass(document, rows, attack),
    `Natural accuracy and accuracy under ${attack}`,
    `${which} ${images} images a class.`,
  );
}

function picture(
  { classes = [], classNames }: ReportInput,
  attack: string,
  document: FigureDocument,
): Markup | undefined {
  const shown: readonly ClassTally[] = confusedClasses(classes, MOST_CONFUSED);
  if (shown.length < 2) return undefined;
  const names = shown.map(({ label }) => className(label, classNames));
  const all = shown.length === classes.length;
  return figure(
    confusions(document, { names, shares: confusionShares(shown) }),
    `What each class is taken for under ${attack}`,
    `Row: the true class. Column: what is predicted. In percent of the images of the class${
      all ? '' : `; the ${shown.length} classes that are confused with each other most`
    }.`,
  );
}

function table(rows: readonly ClassRow[]): Markup {
  return sortableTable(
    headings(text('Class'), wide('Images'), number('Natural'), number('Worst case'), text('Taken for most often'), {
      title: 'By, at least',
      kind: 'wide-text',
    }),
    rows.map(
      ({ name, n, natural, robust, takenFor, share, transformation }) => html`
      <tr>
        <th scope="row">${name}</th>
        <td class="number wide">${n}</td>
        <td class="number">${formatPercent(natural)}</td>
        <td class="number strong">${formatPercent(robust)}</td>
        <td>${takenFor === undefined ? '–' : `${takenFor} (${share})`}</td>
        <td class="wide">${transformation ?? '–'}</td>
      </tr>`,
    ),
  );
}
