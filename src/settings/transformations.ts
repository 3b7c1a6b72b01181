import type { z } from 'zod';
import type { TranslationLimit } from '../sets/box.ts';
import type { GridSize } from '../sets/grid.ts';
import { pixels } from '../quantities/quantities.ts';
import { toNumber } from '../quantities/to-number.ts';
import { asText, value } from './value.ts';
import { formatCount } from '../notation/numbers.ts';

/** `3px`, `10%`; a plain number is in pixels. */
export function translationLimit(): z.ZodType<TranslationLimit> {
  return value('pixels or percent of the side from 0 up (to 100 %), as 3px or 10%', (given) => {
    if (isLimit(given)) {
      return given;
    }
    const share = /^(.*?)\s*%$/.exec(asText(given))?.[1];
    if (share !== undefined) {
      const percent = toNumber(share);
      return percent !== undefined && percent >= 0 && percent <= 100 ? { value: percent, unit: '%' } : undefined;
    }
    const limit = pixels(given);
    return typeof limit === 'number' ? { value: limit, unit: 'px' } : limit;
  });
}

function isLimit(given: unknown): given is TranslationLimit {
  const { value, unit } = (given ?? {}) as Partial<TranslationLimit>;
  return toNumber(value) !== undefined && value! >= 0 && (unit === 'px' || (unit === '%' && value! <= 100));
}

/** An exhaustive run keeps a number for each of them and each image of a group. */
const MOST_GRID_POINTS = 1_000_000;

/** `5x5x31`: points along tx, ty and angle. */
export function gridSize(): z.ZodType<GridSize> {
  return value(
    'the number of points along tx, ty and angle, each from 1 up (together up to 1 million), as 5x5x31',
    (given) => {
      const [tx, ty, angle, ...rest] = countsIn(given).map(toNumber);
      const sound =
        rest.length === 0 &&
        [tx, ty, angle].every((count) => count !== undefined && Number.isInteger(count) && count >= 1);
      return sound && tx! * ty! * angle! <= MOST_GRID_POINTS ? { tx: tx!, ty: ty!, angle: angle! } : undefined;
    },
  );
}

function countsIn(given: unknown): readonly unknown[] {
  if (typeof given === 'string') {
    return given.toLowerCase().split(/[x×]/);
  }
  const { tx, ty, angle } = (given ?? {}) as Partial<GridSize>;
  return Array.isArray(given) ? given : [tx, ty, angle];
}

const MOST_CANDIDATES = 10_000;

/** A number of random draws, or `grid` for all of its points. */
export function drawsOrGrid(): z.ZodType<number | 'grid'> {
  return value(`a whole number of draws from 1 to ${formatCount(MOST_CANDIDATES)}, or grid`, (given) => {
    const draws = toNumber(given);
    return given === 'grid' ||
      (draws !== undefined && Number.isInteger(draws) && draws >= 1 && draws <= MOST_CANDIDATES)
      ? (draws ?? 'grid')
      : undefined;
  });
}
