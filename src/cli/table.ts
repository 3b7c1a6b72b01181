import { visible } from '../errors/visible.ts';
import type { EvaluationResult } from '../evaluation/records.ts';
import { formatPoints } from '../figures/format.ts';
import { largestOf } from '../statistics/extremes.ts';

/** Columns of text, the first aligned left and the others right, under a rule. */
export function textTable(head: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(visible));
  const widths = head.map((_, column) => largestOf([head, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/**
 * Accuracy in percent under each attack, its interval, and by how many points it lies below natural accuracy; of a
 * vote, also the accuracy where every query of the search has to be right.
 */
export function resultTable(result: EvaluationResult): string {
  const natural = result.attacks.natural?.accuracy;
  const voted = Object.values(result.attacks).some(({ everyQuery }) => everyQuery !== undefined);
  const rows = Object.entries(result.attacks).map(
    ([
      attack,
      {
        accuracy,
        interval: [low, high],
        n,
        everyQuery,
      },
    ]) => [
      attack,
      formatPoints(accuracy),
      `${formatPoints(low)} – ${formatPoints(high)}`,
      String(n),
      natural === undefined || attack === 'natural' ? '' : formatPoints(natural - accuracy),
      ...(voted ? [everyQuery === undefined ? '' : formatPoints(everyQuery.accuracy)] : []),
    ],
  );
  return textTable(
    ['attack', 'accuracy %', '95 % interval', 'images', 'fall', ...(voted ? ['every query right %'] : [])],
    rows,
  );
}
