import type { z } from 'zod';
import { degrees, partOfLimit, pixelSize } from '../quantities/quantities.ts';
import { toNumber } from '../quantities/to-number.ts';
import { value } from './value.ts';
import { formatCount } from '../notation/numbers.ts';

interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** A whole number in a range, ends included. */
export function whole({ from = 0, to = Number.MAX_SAFE_INTEGER }: Range = {}): z.ZodType<number> {
  const upTo = to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${formatCount(to)}`;
  return value(`a whole number from ${from} ${upTo}`, (given) => {
    const number = toNumber(given);
    return number !== undefined && Number.isInteger(number) && number >= from && number <= to ? number : undefined;
  });
}

/** A number in a range, ends included, in the unit that the message is to name. */
export function real(unit: string, { from = 0, to = Infinity }: Range = {}): z.ZodType<number> {
  return value(`${unit} from ${from}${to === Infinity ? ' up' : ` to ${to}`}`, (given) => {
    const number = toNumber(given);
    return number !== undefined && number >= from && number <= to ? number : undefined;
  });
}

/** Points of accuracy: `1`. What lies between 0 and 0.1 was meant as a share. */
export function points(): z.ZodType<number> {
  return value('points from 0.1 to 100, or 0: a point is one image of a hundred', (given) => {
    const number = toNumber(given);
    return number === 0 || (number !== undefined && number >= 0.1 && number <= 100) ? number : undefined;
  });
}

/** A size in pixels in [0, 1]: `0.03` or `8/255`. */
export function pixelFraction(what: string): z.ZodType<number> {
  return value(`${what} in pixels in [0, 1], above 0, as 0.03 or 8/255`, pixelSize);
}

/** A part of a limit: `0.01`. */
export function limitFraction(): z.ZodType<number> {
  return value('a fraction of each limit above 0, as 0.01 or 1/100', partOfLimit);
}

/** An angle: `30`. */
export function angle(): z.ZodType<number> {
  return value('degrees from 0 to 180', degrees);
}

/** One number for each channel, or one for all: `.485,.456,.406`. */
export function perChannel(range: Range = {}): z.ZodType<readonly number[]> {
  const { from = -Infinity } = range;
  const limit = from === -Infinity ? '' : ' above 0';
  return value(
    `numbers${limit} separated by commas, one for each channel or one for all, as .485,.456,.406`,
    (given) => {
      const parts = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [given];
      const numbers = parts.map(toNumber);
      return numbers.every((number) => number !== undefined && number > from) ? (numbers as number[]) : undefined;
    },
  );
}
