import type { Extent } from '../../attacks/attack.ts';
import { halfFallBy, limitOf } from '../../evaluation/survival.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { headings, number, numberCells, text } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { figures, type Section } from '../section.ts';
import { survivalFigure } from '../sections/survival-figure.ts';
import { formatSize } from '../survival-words.ts';
import { attacksOf, type RunsReport } from './runs-report.ts';
import { formatPercent } from '../../notation/numbers.ts';

/** Curves that can be told apart in one figure; the table has all. */
const MOST_CURVES = 5;

/** What each run withstands, where runs looked for it. */
export function survivalOfRuns(report: RunsReport, document: FigureDocument): Section | undefined {
  const parts = attacksOf(report).flatMap((attack) => {
    const curves = report.runs.flatMap(({ name, tally }) => {
      const found = tally.survival.get(attack);
      return found === undefined ? [] : [{ name, ...found }];
    });
    const [first] = curves;
    if (first === undefined) return [];
    // An attack of one name that measures in something else is another attack.
    return [
      part(
        attack,
        first.extent,
        curves.filter(({ extent }) => extent === first.extent),
        document,
      ),
    ];
  });
  if (parts.length === 0) return undefined;
  return { id: 'tolerance', title: 'How much each withstands', short: 'Tolerance', body: html`${parts}` };
}

type Curves = Parameters<typeof survivalFigure>[2];

function part(attack: string, extent: Extent, curves: Curves, document: FigureDocument): Markup {
  const size = (limit: number | undefined): string => (limit === undefined ? '–' : formatSize(extent, limit));
  const rows = curves.map(
    ({ name, survival }) => html`
      <tr><th scope="row">${name}</th>${numberCells(
        size(limitOf(survival, 0.95)),
        size(halfFallBy(survival)),
        formatPercent(survival.withstand[survival.withstand.length - 1]),
      )}</tr>`,
  );
  const drawn =
    curves.length > MOST_CURVES ? html`<p>Drawn are the first ${MOST_CURVES} of ${curves.length} runs.</p>` : undefined;
  return html`
    <h3><code>${attack}</code></h3>
    ${drawn}
    ${figures(
      survivalFigure(document, extent, curves.slice(0, MOST_CURVES)),
      html`<div class="scroll"><table>
        ${headings(text('Run'), number('95 % withstand'), number('Half fall by'), number('Withstand all'))}
        <tbody>${rows}</tbody></table></div>`,
    )}`;
}
