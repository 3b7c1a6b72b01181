import { differenceOn } from '../../applications/difference/difference-on.ts';
import { visible } from '../../errors/visible.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { toText } from '../../json/to-text.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { DifferenceOptions } from '../../options/difference-options.ts';
import { textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { formatChange, formatChangeInterval, formatCount, formatPoints } from '../../notation/numbers.ts';

/**
 * Prints by how much the accuracies of two runs differ on the images that both hold.
 * @returns exit code
 * @throws misuse `not-a-run-folder`, `other-data`, `nothing-to-compare`; failure `run-folder-damaged`
 */
export async function tellDifference({ a, b, json }: DifferenceOptions, terminal: Terminal): Promise<number> {
  const difference = await differenceOn(nodePlatform, { a, b });
  terminal.out(json ? toText(difference) : describe(difference));
  return 0;
}

function describe({ a, b, images, onlyA, onlyB, attacks, measuredOtherwise: otherwise }: RunDifference): string {
  const rows = Object.entries(attacks).map(([attack, { n, accuracyA, accuracyB, difference, interval, ...counts }]) => [
    attack,
    formatCount(n),
    formatPoints(accuracyA),
    formatPoints(accuracyB),
    formatChange(difference),
    formatChangeInterval(interval),
    formatCount(counts.onlyA),
    formatCount(counts.onlyB),
  ]);
  const left = [
    onlyA > 0 ? `${formatCount(onlyA)} that only A holds` : '',
    onlyB > 0 ? `${formatCount(onlyB)} that only B holds` : '',
  ].filter((part) => part !== '');
  return [
    visible(`A: ${a.model} in ${a.folder}`),
    visible(`B: ${b.model} in ${b.folder}`),
    `${formatCount(images)} images of ${visible(a.data.name)}` +
      `${left.length === 0 ? '' : ` (left out: ${left.join(', ')})`}`,
    '',
    textTable(
      ['attack', 'images', 'A %', 'B %', 'B − A, points', '95 % interval', 'only A right', 'only B right'],
      rows,
    ),
    '',
    ...otherwise.map((difference) => `Measured otherwise: ${difference}`),
    'Intervals: Newcombe (1998), for paired proportions; one that does not hold 0 tells the two apart.',
    '',
  ].join('\n');
}
