import type { Extent } from '../attacks/attack.ts';
import type { Survival } from '../evaluation/records.ts';
import { halfFallBy, limitOf } from '../evaluation/survival.ts';
import { formatNumber, formatPercent } from '../notation/numbers.ts';

/** `11.5°`, `2 px`, `40 % of the limits`. */
export function formatSize(extent: Extent, size: number): string {
  if (extent === 'rotation') return `${formatNumber(size)}°`;
  return extent === 'translation'
    ? `${formatNumber(size)}\u00a0px`
    : `${formatNumber(100 * size, 1)}\u00a0% of the limits`;
}

/** Shares to quote, the most telling first. */
const QUOTED = [0.95, 0.9, 0.75, 0.5] as const;

/** `Half of the images fall by 11.5°; 95 % withstand everything up to 3°.` */
export function describeSurvival(extent: Extent, survival: Survival): string {
  const half = halfFallBy(survival);
  const last = survival.limits.length - 1;
  const left =
    `${formatPercent(survival.withstand[last])} of the images withstand everything up to ` +
    `${formatSize(extent, survival.limits[last])}`;
  const fall = half === undefined ? undefined : `half of the images fall by ${formatSize(extent, half)}`;
  const share = QUOTED.find((one) => (limitOf(survival, one) ?? 0) > 0);
  const limit = share === undefined ? undefined : limitOf(survival, share);
  const most =
    share === undefined || limit === undefined || limit === survival.limits[last]
      ? undefined
      : `${formatPercent(share, 0)} withstand everything up to ${formatSize(extent, limit)}`;
  const text = [fall ?? left, most].filter((part) => part !== undefined).join('; ');
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
