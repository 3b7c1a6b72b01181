import type { z } from 'zod';
import type { ValueRange } from '../data/value-range.ts';
import { SCALES, type Scale } from '../model/preprocessing.ts';
import { LARGEST_SIDE } from '../settings/limits.ts';
import { toNumber } from '../quantities/to-number.ts';
import { asText, value } from '../settings/value.ts';
import { formatCount } from '../notation/numbers.ts';

/** `0,255`, also with brackets: `[0,255]`. */
export function pixelScale(): z.ZodType<Scale> {
  return value(`one of ${SCALES.join(' · ')}`, (given) => {
    const bare = asText(given)
      .replace(/[[\]\s]/g, '')
      .replace('−', '-');
    return SCALES.find((range) => range === bare);
  });
}

const SIDE = formatCount(LARGEST_SIDE);

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE;
}

/** Height and width in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** `256` for the short side, or HEIGHTxWIDTH. */
export function resizing(): z.ZodType<number | Size> {
  return value(`pixels from 1 to ${SIDE}: the short side, or HEIGHTxWIDTH as 240x320`, (given) => {
    const side = toNumber(given);
    if (side === undefined) {
      return toSize(given);
    }
    return isSide(side) ? side : undefined;
  });
}

/** Size of a model's input; `channels` only where it was given. */
export interface InputSize extends Size {
  readonly channels?: number;
}

/** `224` for a square, `HEIGHTxWIDTH` or `CHANNELSxHEIGHTxWIDTH`. */
export function inputSize(): z.ZodType<InputSize> {
  return value(
    `pixels from 1 to ${SIDE}: one number for a square, HEIGHTxWIDTH as 240x320, or with the channels in front as ` +
      '3x240x320',
    (given) => {
      const parts = typeof given === 'string' ? given.toLowerCase().split(/[x×]/) : [];
      const { channels } = (given ?? {}) as Partial<InputSize>;
      const count = parts.length === 3 ? toNumber(parts[0]) : channels;
      const bare = toSize(parts.length === 3 ? parts.slice(1).join('x') : given);
      if (bare === undefined || (parts.length === 3 && count === undefined)) return undefined;
      if (count === undefined) return bare;
      return isSide(count) ? { channels: count, ...bare } : undefined;
    },
  );
}

function toSize(given: unknown): Size | undefined {
  const { height: givenHeight, width: givenWidth } = (given ?? {}) as Partial<Size>;
  const parts = givenHeight === undefined ? asText(given).toLowerCase().split(/[x×]/) : [givenHeight, givenWidth];
  const [height, width, ...rest] = (parts.length === 1 ? [parts[0], parts[0]] : parts).map(toNumber);
  const sound = [height, width].every((side) => side !== undefined && isSide(side));
  return sound && rest.length === 0 ? { height: height!, width: width! } : undefined;
}

/** `3x224x224`: sizes of a tensor. */
export function dimensions(): z.ZodType<readonly number[]> {
  return value('sizes from 1 up, as 3x224x224', (given) => {
    const sizes = (Array.isArray(given) ? given : asText(given).toLowerCase().split(/[x×]/)).map(toNumber);
    return sizes.every((side) => side !== undefined && Number.isInteger(side) && side >= 1)
      ? (sizes as number[])
      : undefined;
  });
}

/** `0,4095`: the values of black and of white. A bare list is taken, too. */
export function valueRange(): z.ZodType<ValueRange> {
  return value('the values of black and white, as 0,4095', (given) => {
    const { black: givenBlack, white: givenWhite } = (given ?? {}) as Partial<ValueRange>;
    const parts = Array.isArray(given)
      ? given
      : givenBlack === undefined
        ? String(given).split(',')
        : [givenBlack, givenWhite];
    const [black, white, ...rest] = parts.map((part) => toNumber(typeof part === 'string' ? part.trim() : part));
    return black !== undefined && white !== undefined && black < white && rest.length === 0
      ? { black, white }
      : undefined;
  });
}
