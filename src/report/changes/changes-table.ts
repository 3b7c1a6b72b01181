import type { PairedCounts, PairedDifference } from '../../statistics/paired-difference.ts';
import { headings, number, numberCells, text, wide, wideCells } from '../components.ts';
import { html, type Markup } from '../markup.ts';
import { formatChange, formatChangeInterval, formatCount, formatPercent } from '../../notation/numbers.ts';

/** One row: an attack before and after, on the same images. */
export interface Changed {
  readonly attack: string;
  /** Accuracies, in [0, 1]. */
  readonly before: number;
  readonly after: number;
  readonly change: PairedCounts & PairedDifference;
}

/** What the two columns of accuracies are called: `Before`, `After`. */
export type When = readonly [before: string, after: string];

/** What became of the accuracy under each attack. */
export function changesTable(rows: readonly Changed[], [before, after]: When): Markup {
  return html`<div class="scroll"><table>
      ${headings(
        text('Attack'),
        ...[before, after, 'Change, points'].map(number),
        ...['95 % interval', 'Won', 'Lost'].map(wide),
      )}
      <tbody>${rows.map(changeRow)}</tbody>
    </table></div>`;
}

function changeRow({ attack, before, after, change }: Changed): Markup {
  return html`<tr><th scope="row">${attack}</th>${[
    numberCells(formatPercent(before), formatPercent(after), formatChange(change.difference, 1)),
    wideCells(formatChangeInterval(change.interval, 1), formatCount(change.onlyB), formatCount(change.onlyA)),
  ]}</tr>`;
}
