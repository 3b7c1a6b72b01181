import type { z } from 'zod';
import { toNumber } from './numbers.ts';
import { value } from './value.ts';

/** The range that raw pixels in [0, 1] are stretched to before mean and standard deviation. */
export const PIXEL_RANGES = ['0,1', '0,255', '-1,1'] as const;
export type PixelRange = (typeof PIXEL_RANGES)[number];

/** `0,255`, also with brackets: `[0,255]`. */
export function pixelRange(): z.ZodType<PixelRange> {
  return value(`one of ${PIXEL_RANGES.join(' · ')}`, (given) => {
    const bare = String(given).replace(/[[\]\s]/g, '').replace('−', '-');
    return PIXEL_RANGES.find((range) => range === bare);
  });
}

/** Height and width in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** `224` for a square, or `HEIGHTxWIDTH`. */
export function size(): z.ZodType<Size> {
  return value('pixels from 1 up: one number for a square, or HEIGHTxWIDTH as 240x320', (given) => {
    const { height: givenHeight, width: givenWidth } = (given ?? {}) as Partial<Size>;
    const parts = givenHeight === undefined ? String(given).toLowerCase().split(/[x×]/) : [givenHeight, givenWidth];
    const [height, width = height, ...rest] = parts.map(toNumber);
    const sound = [height, width].every((side) => side !== undefined && Number.isInteger(side) && side >= 1);
    return sound && rest.length === 0 ? { height: height!, width: width! } : undefined;
  });
}
