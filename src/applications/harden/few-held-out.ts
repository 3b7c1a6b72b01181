import { formatCount, formatNumber } from '../../notation/numbers.ts';

/**
 * What to be aware of where the images held out are too few to show what natural accuracy may lose: one of them counts
 * for more than twice that.
 * @param heldOut how many
 * @param keep points that natural accuracy may lose, in percent
 */
export function fewHeldOut(heldOut: number, keep: number): string | undefined {
  const each = 100 / heldOut;
  if (heldOut === 0 || keep === 0 || each <= 2 * keep) return undefined;
  return (
    `Each of the ${formatCount(heldOut)} images held out is ${formatNumber(each, 1)} points of accuracy: a loss of ` +
    `${formatNumber(keep)} does not show on them. What natural accuracy lost is to be read from the test images, ` +
    'the more of these the better.'
  );
}
