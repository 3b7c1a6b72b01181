import type { SearchState } from '../state/slot.ts';
import type { Studio } from '../state/studio.ts';
import { formatCount, formatNumber } from '../../notation/numbers.ts';

interface SearchLineProps {
  readonly search: SearchState;
  readonly studio: Studio;
}

/** How a search stands, or what it found. */
export function SearchLine({ search, studio }: SearchLineProps) {
  if (search.kind === 'failed') return <p class="message error small">{search.message}</p>;
  if (search.kind === 'running') {
    const { tried = 0, of } = search.part ?? {};
    return (
      <p class="small search-line">
        <progress max={of} value={of === undefined ? undefined : Math.min(tried, of)} aria-label="Search" />
        <span>
          {search.attack}: {formatCount(tried)} tried
        </span>
      </p>
    );
  }
  const { attack, robust, worst, tried, fooling, breakingPoint } = search.result;
  const { tx, ty, angle } = worst.transformation;
  const where = `${formatNumber(angle)}°, ${formatNumber(tx)} px right, ${formatNumber(ty)} px down`;
  return (
    <p class="small search-line">
      <span>
        <b>{robust ? 'withstands' : 'falls'}</b> {attack},{' '}
        {robust || fooling === undefined ? '' : `at ${formatCount(fooling)} of `}
        {formatCount(tried)} tried
        {breakingPoint == null
          ? ''
          : `; smallest size that fools: ${formatNumber(100 * breakingPoint)} % of the limits`}
        .{' '}
        <button type="button" class="link" onClick={() => studio.moveTo(worst.transformation)}>
          {robust ? 'Closest' : breakingPoint != null ? 'Breaks' : 'Worst'} at {where}
        </button>
      </span>
    </p>
  );
}
