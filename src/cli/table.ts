import { visible } from '../errors/visible.ts';
import type { EvaluationResult } from '../evaluation/records.ts';
import { type Changed, type When } from '../report/changes/changes-table.ts';
import { largestOf } from '../statistics/extremes.ts';
import { formatChange, formatChangeInterval, formatCount, formatInterval, formatPoints } from '../notation/numbers.ts';

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
  const rows = Object.entries(result.attacks).map(([attack, { accuracy, interval, n, everyQuery }]) => [
    attack,
    formatPoints(accuracy),
    formatInterval(interval),
    String(n),
    natural === undefined || attack === 'natural' ? '' : formatPoints(natural - accuracy),
    ...(voted ? [everyQuery === undefined ? '' : formatPoints(everyQuery.accuracy)] : []),
  ]);
  return textTable(
    ['attack', 'accuracy %', '95 % interval', 'images', 'fall', ...(voted ? ['every query right %'] : [])],
    rows,
  );
}

/** What became of the accuracy under each attack, on the same images. */
export function changesTable([before, after]: When, rows: readonly Changed[]): string {
  return textTable(
    ['attack', before, after, 'points', '95 % interval', 'won', 'lost'],
    rows.map(({ attack, change, ...row }) => [
      attack,
      formatPoints(row.before),
      formatPoints(row.after),
      formatChange(change.difference, 1),
      formatChangeInterval(change.interval, 1),
      formatCount(change.onlyB),
      formatCount(change.onlyA),
    ]),
  );
}
