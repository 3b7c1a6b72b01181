import type { FigureDocument } from '../../figures/frame.ts';
import { type BaselineView, pairNotes } from '../baseline-view.ts';
import { changedClasses } from '../changes/changed-classes.ts';
import { changedImages } from '../changes/changed-images.ts';
import { changesTable } from '../changes/changes-table.ts';
import { html, type Markup } from '../markup.ts';
import type { Example, ReportInput } from '../report-input.ts';
import { figures, type Section } from '../section.ts';
import { className } from '../words.ts';
import { picture } from './examples.ts';
import { survivalFigure } from './survival-figure.ts';
import { formatCount } from '../../notation/numbers.ts';

/** A run beside an earlier one: by how much it differs, and which images were won and lost. */
export function baselineSection({ baseline, classNames }: ReportInput, document: FigureDocument): Section | undefined {
  if (baseline === undefined) return undefined;
  const { a, attacks } = baseline.difference;
  const rows = Object.entries(attacks).map(([attack, change]) => ({
    attack,
    before: change.accuracyA,
    after: change.accuracyB,
    change,
  }));
  const curves = baseline.survival.map(({ extent, before, after }) =>
    survivalFigure(document, extent, [
      { name: 'baseline', survival: before },
      { name: 'this run', survival: after },
    ]),
  );
  const body = html`
    <p>The baseline is ${a.model}. ${pairNotes(baseline).join(' ')}</p>
    ${changesTable(rows, ['Baseline', 'Now'])}
    <p class="quiet small after">Won: images right now that were wrong in the baseline. Intervals
      of changes: Newcombe (1998), for paired proportions; one that does not hold 0 tells the two apart.</p>
    ${curves.length === 0 ? undefined : figures(...curves)}
    ${naturalImages(baseline, classNames)}
    ${worstImages(baseline, classNames)}`;
  return { id: 'baseline', title: 'Against the baseline', short: 'Baseline', body };
}

type Names = readonly string[] | undefined;

/** Images that one of the two gets wrong as they are, each with both answers. */
function naturalImages(
  { natural: { won, lost, shownWon, shownLost } }: BaselineView,
  names: Names,
): Markup | undefined {
  const list = (title: string, all: readonly number[], cards: readonly Markup[]): Markup | undefined =>
    all.length === 0
      ? undefined
      : html`<h3>${title}: ${formatCount(all.length)} ${all.length === 1 ? 'image' : 'images'} as they are</h3>
    <ul class="examples">${cards}</ul>`;
  return html`${[
    list(
      'Lost',
      lost,
      shownLost.map((one) => answerCard(one, [one.label, one.prediction], names)),
    ),
    list(
      'Won',
      won,
      shownWon.map((one) => answerCard(one, [one.prediction, one.label], names)),
    ),
  ]}`;
}

function answerCard(
  { index, file, original }: Example,
  [before, after]: readonly [number, number],
  names: Names,
): Markup {
  return html`
    <li class="example">
      ${picture(original, `Image ${index} as it is`)}
      <p>baseline: ${className(before, names)}<br>now: <b>${className(after, names)}</b><br>${
        file === undefined ? `image ${index}` : html`<span class="file">${file}</span>`
      }</p>
    </li>`;
}

function worstImages({ worst }: BaselineView, names: Names): Markup | undefined {
  if (worst === undefined) return undefined;
  const shown = worst.shownWon.length + worst.shownLost.length > 0;
  const where = shown
    ? 'Images lost are shown with what fools the model now, images won with what fooled the baseline and no longer ' +
      'does: the first ones that both see right as they are. '
    : '';
  return html`
    <h3>Under ${worst.attack}</h3>
    <p>${formatCount(worst.lost.length)} images were lost and ${formatCount(worst.won.length)} won. ${where}The
      indices of all stand in <code>difference.json</code>.</p>
    ${changedImages(worst, names)}
    ${changedClasses(worst.attack, worst.classes, names, ['baseline', 'now'])}`;
}
