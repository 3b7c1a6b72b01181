import type { z } from 'zod';
import { value } from './value.ts';

interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** A number, also as text; nothing else (no empty text, no hexadecimal, no infinity). */
export function toNumber(given: unknown): number | undefined {
  if (typeof given === 'number') {
    return Number.isFinite(given) ? given : undefined;
  }
  return typeof given === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given.trim())
    ? Number(given)
    : undefined;
}

/** A whole number in a range, ends included. */
export function whole({ from = 0, to = Number.MAX_SAFE_INTEGER }: Range = {}): z.ZodType<number> {
  const upTo = to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${to.toLocaleString('en-US')}`;
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

/** A positive number or fraction: `0.03` or `8/255`. */
export function fraction(unit: string): z.ZodType<number> {
  return value(`${unit} above 0, as 0.03 or 8/255`, (given) => {
    const [numerator, denominator, ...rest] = typeof given === 'string' ? given.split('/') : [given, 1];
    const [n, d] = [toNumber(numerator), denominator === undefined ? 1 : toNumber(denominator)];
    if (n === undefined || d === undefined || rest.length > 0) {
      return undefined;
    }
    return n / d > 0 && Number.isFinite(n / d) ? n / d : undefined;
  });
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
