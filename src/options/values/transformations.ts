import type { z } from 'zod';
import { toNumber } from './numbers.ts';
import { value } from './value.ts';

/** A limit of a translation: in pixels, or in percent of the image's side. */
export interface TranslationLimit {
  readonly value: number;
  readonly unit: 'px' | '%';
}

/** `3px`, `10%`; a plain number is in pixels. */
export function translationLimit(): z.ZodType<TranslationLimit> {
  return value('pixels or percent of the side from 0 up (to 100 %), as 3px or 10%', (given) => {
    if (isLimit(given)) {
      return given;
    }
    const [, digits, unit = 'px'] = /^(.*?)\s*(px|%)?$/.exec(String(given)) ?? [];
    const number = toNumber(typeof given === 'number' ? given : digits);
    if (number === undefined || number < 0 || (unit === '%' && number > 100)) {
      return undefined;
    }
    return { value: number, unit: unit as TranslationLimit['unit'] };
  });
}

/** The limit along a side of so many pixels. */
export function limitInPixels(limit: TranslationLimit, side: number): number {
  return limit.unit === 'px' ? limit.value : (limit.value / 100) * side;
}

function isLimit(given: unknown): given is TranslationLimit {
  const { value, unit } = (given ?? {}) as Partial<TranslationLimit>;
  return toNumber(value) !== undefined && value! >= 0 && (unit === 'px' || (unit === '%' && value! <= 100));
}

/** Points along tx, ty and angle. */
export type GridCounts = readonly [tx: number, ty: number, angle: number];

const MOST_GRID_POINTS = 10_000_000;

/** `5x5x31`. */
export function gridCounts(): z.ZodType<GridCounts> {
  return value('the number of points along tx, ty and angle, each from 1 up (together up to 10 million), as 5x5x31', (given) => {
    const parts = typeof given === 'string' ? given.toLowerCase().split(/[x×]/) : Array.isArray(given) ? given : [];
    const [tx, ty, angle, ...rest] = parts.map(toNumber);
    const counts = [tx, ty, angle];
    const sound = rest.length === 0 && counts.every((count) => count !== undefined && Number.isInteger(count) && count >= 1);
    return sound && tx! * ty! * angle! <= MOST_GRID_POINTS ? [tx!, ty!, angle!] : undefined;
  });
}
