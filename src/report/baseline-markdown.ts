import { type BaselineView, pairNotes } from './baseline-view.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatChange, formatChangeInterval, formatCount, formatPoints } from '../notation/numbers.ts';

/** By how much a run differs from its baseline, in lines of Markdown; none without a baseline. */
export function baselineMarkdown(baseline: BaselineView | undefined): string[] {
  if (baseline === undefined) return [];
  const { a, attacks } = baseline.difference;
  return [
    `#### Against the baseline ${escapeMarkdown(a.model)}`,
    '',
    '| attack | baseline % | now % | Δ points | 95 % interval | won | lost |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...Object.entries(attacks).map(
      ([attack, change]) =>
        `| \`${attack}\` | ${formatPoints(change.accuracyA)} | ${formatPoints(change.accuracyB)} | ` +
        `**${formatChange(change.difference)}** | ${formatChangeInterval(change.interval)} | ` +
        `${formatCount(change.onlyB)} | ${formatCount(change.onlyA)} |`,
    ),
    '',
    escapeMarkdown(`${pairNotes(baseline).join(' ')} An interval that does not hold 0 tells the two apart.`),
    '',
  ];
}
