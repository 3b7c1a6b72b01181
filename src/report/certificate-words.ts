import type { Certified } from '../evaluation/records.ts';
import { formatCount, formatPercent } from '../notation/numbers.ts';

/** `163 of 200 images, 81.5 % (95 % interval 75.5 % to 86.3 %)`, with what passes did not decide. */
export function describeCertified({ proved, n, share, interval: [low, high], undecided }: Certified): string {
  const open = undecided === undefined ? '' : `; passes ran out on ${formatCount(undecided)} more`;
  return (
    `${formatCount(proved)} of ${formatCount(n)} images, ${formatPercent(share)} ` +
    `(95 % interval ${formatPercent(low)} to ${formatPercent(high)}${open})`
  );
}

/** `0 px 91.5 %, 1 px 88.0 %`: how many hold up to each size. */
export function describeRadii({ radii = [], n }: Certified): string | undefined {
  if (radii.length === 0 || n === 0) return undefined;
  return radii.map(({ radius, proved }) => `${radius} px ${formatPercent(proved / n)}`).join(', ');
}
