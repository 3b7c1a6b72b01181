import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawImage } from './raw-image.ts';
import { resizeImage } from './resize.ts';

const shape = { channels: 1, height: 5, width: 7 };
const image: RawImage = { values: Uint8Array.from({ length: 35 }, (_, at) => (at * 37) % 251), shape, order: 'chw' };

/**
 * Height, width, and values of `interpolate(image, mode='bilinear', antialias=True)` of PyTorch 2.13;
 * tools/reference/data.py.
 */
const REFERENCE: [number, number, number[]][] = [
  [3, 4, [22.81, 80.389, 148.469, 206.048, 35.381, 92.96, 161.04, 218.619, 47.952, 105.531, 173.611, 156.061]],
  [
    7,
    8,
    [
      0.0, 30.062, 62.438, 94.812, 127.188, 159.562, 191.938, 222.0, 4.571, 34.634, 67.009, 99.384, 131.759, 164.134,
      196.509, 226.571, 10.286, 40.348, 72.723, 105.098, 137.473, 169.848, 202.223, 232.286, 16.0, 46.062, 78.438,
      110.812, 143.188, 175.562, 207.938, 238.0, 21.714, 51.777, 84.152, 116.527, 148.902, 181.277, 213.652, 243.714,
      27.429, 57.491, 89.866, 122.241, 154.616, 186.991, 199.196, 141.857, 32.0, 62.062, 94.438, 126.812, 159.188,
      191.562, 176.875, 3.0,
    ],
  ],
  [
    5,
    3,
    [
      31.714, 111.0, 190.286, 39.714, 119.0, 198.286, 47.714, 127.0, 206.286, 55.714, 135.0, 214.286, 63.714, 143.0,
      132.643,
    ],
  ],
];

describe('resizeImage', () => {
  it.each(REFERENCE)('gives what PyTorch gives for %i×%i', (height, width, expected) => {
    const { values } = resizeImage(image, height, width);
    expect(values.length).toBe(expected.length);
    expected.forEach((value, at) => expect(values[at]).toBeCloseTo(value, 2));
  });

  it('leaves an image of that size as it is', () => {
    expect([...resizeImage(image, 5, 7).values]).toEqual([...image.values]);
  });

  it('treats channels alike, in either order of storage', () => {
    const chw = {
      values: Float32Array.from({ length: 24 }, (_, at) => ((at * 7) % 11) / 11),
      shape: { channels: 2, height: 3, width: 4 },
      order: 'chw' as const,
    };
    const hwc = {
      ...chw,
      values: Float32Array.from({ length: 24 }, (_, at) => chw.values[(at % 2) * 12 + Math.floor(at / 2)]),
      order: 'hwc' as const,
    };
    expect([...resizeImage(hwc, 2, 3).values]).toEqual([...resizeImage(chw, 2, 3).values]);
    const second = { values: chw.values.slice(12), shape: { channels: 1, height: 3, width: 4 }, order: 'chw' as const };
    expect([...resizeImage(chw, 2, 3).values.slice(6)]).toEqual([...resizeImage(second, 2, 3).values]);
  });

  it('keeps even images even, and commutes with mirroring', () => {
    const side = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(255), (height, width, newHeight, newWidth, level) => {
        const values = new Uint8Array(height * width).fill(level);
        const even = resizeImage({ values, shape: { channels: 1, height, width }, order: 'chw' }, newHeight, newWidth);
        even.values.forEach((value) => expect(value).toBeCloseTo(level, 3));
      }),
    );
    fc.assert(
      fc.property(side, side, fc.array(fc.nat(255), { minLength: 1, maxLength: 9 }), (newHeight, newWidth, row) => {
        const of = (values: number[]) =>
          resizeImage(
            { values: Uint8Array.from(values), shape: { channels: 1, height: 1, width: values.length }, order: 'chw' },
            newHeight,
            newWidth,
          );
        const mirrored = of([...row].reverse()).values;
        of(row).values.forEach((value, at) => {
          const y = Math.floor(at / newWidth);
          expect(mirrored[y * newWidth + (newWidth - 1 - (at % newWidth))]).toBeCloseTo(value, 3);
        });
      }),
    );
  });
});
