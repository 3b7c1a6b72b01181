import { describe, expect, it } from 'vitest';
import { convertedShape, convertImage } from './conversion.ts';
import { planGeometry } from './geometry.ts';

const rgb = (height: number, width: number) => ({ channels: 3, height, width });
const grey = (height: number, width: number) => ({ channels: 1, height, width });

describe('planGeometry', () => {
  it.each([
    // 500×333 (height×width) with the shorter side 256: torchvision takes int(256 · 500 / 333) = 384.
    [
      { height: 500, width: 333 },
      { resize: 256, crop: 224 },
      undefined,
      { resized: { height: 384, width: 256 }, top: 80, left: 16, size: { height: 224, width: 224 } },
    ],
    // Halves go to the even number, as Python's round: 33 / 2 → 16, 35 / 2 → 18.
    [
      { height: 257, width: 259 },
      { crop: 224 },
      undefined,
      { resized: undefined, top: 16, left: 18, size: { height: 224, width: 224 } },
    ],
    [
      { height: 20, width: 30 },
      { resize: 10 },
      { height: 10, width: 10 },
      { resized: { height: 10, width: 15 }, top: 0, left: 2, size: { height: 10, width: 10 } },
    ],
    [
      { height: 20, width: 30 },
      { resize: 20 },
      undefined,
      { resized: undefined, top: 0, left: 0, size: { height: 20, width: 30 } },
    ],
    [
      { height: 20, width: 30 },
      { resize: { height: 7, width: 5 } },
      { height: 9, width: 9 },
      { resized: { height: 7, width: 5 }, top: 0, left: 0, size: { height: 7, width: 5 } },
    ],
    [
      { height: 20, width: 30 },
      {},
      { height: 10, width: 10 },
      { resized: undefined, top: 0, left: 0, size: { height: 20, width: 30 } },
    ],
  ])('%o with %o for %o', (image, options, model, expected) => {
    expect(planGeometry(image, options, model, 'x')).toEqual(expected);
  });

  it('refuses a cut larger than the image', () => {
    expect(() => planGeometry({ height: 20, width: 30 }, { crop: 24 }, undefined, 'a.png')).toThrow(
      /a.png: a centre of 24×24 cannot be cut from 20×30.*'resize'.*24/,
    );
  });
});

describe('convertedShape', () => {
  it.each([
    [rgb(32, 32), grey(28, 28), /3×32×32.*takes 1×28×28.*colour: 'grey'.*resize: 28 .*crop: 28/],
    [grey(28, 28), rgb(28, 28), /colour: 'rgb' repeats/],
    [
      grey(28, 28),
      grey(32, 32),
      /takes 1×32×32 *\. resize: 32 brings the shorter side to 32 px and cuts the centre\.$/,
    ],
    [rgb(28, 28), rgb(32, 16), /resize: '32x16'/],
    [rgb(28, 28), { channels: 4, height: 28, width: 28 }, /No option converts/],
  ])('names the option that makes %o what the model takes, %o', (images, model, message) => {
    expect(() => convertedShape(images, {}, model, 'data')).toThrow(message);
  });

  it('knows what the options make', () => {
    expect(convertedShape(rgb(40, 50), { resize: 32, colour: 'grey' }, grey(32, 32), 'x')).toEqual(grey(32, 32));
    expect(convertedShape(grey(28, 28), { colour: 'rgb' }, rgb(28, 28), 'x')).toEqual(rgb(28, 28));
    expect(convertedShape(rgb(28, 28), { colour: 'rgb' }, undefined, 'x')).toEqual(rgb(28, 28));
  });
});

describe('convertImage', () => {
  const shape = rgb(1, 2);
  const values = Uint8Array.of(255, 0, 51, 0, 102, 255);

  it('brings pixels to [0, 1], channel by channel, on shared memory', () => {
    const pixels = convertImage({ values, shape, order: 'hwc' }, {}, undefined, 'x');
    expect([...pixels]).toEqual([1, 0, 0, 102 / 255, 51 / 255, 1].map(Math.fround));
    expect(pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...convertImage({ values, shape, order: 'chw' }, {}, undefined, 'x')]).toEqual(
      [...values].map((value) => Math.fround(value / 255)),
    );
  });

  it('turns colour to luma, and repeats grey', () => {
    const [first, second] = convertImage({ values, shape, order: 'hwc' }, { colour: 'grey' }, undefined, 'x');
    expect(first).toBeCloseTo(0.299 + 0.114 * 0.2, 6);
    expect(second).toBeCloseTo(0.587 * 0.4 + 0.114, 6);
    const repeated = convertImage(
      { values: Float32Array.of(0.25, 1), shape: grey(1, 2), order: 'chw' },
      { colour: 'rgb' },
      undefined,
      'x',
    );
    expect([...repeated]).toEqual([0.25, 1, 0.25, 1, 0.25, 1]);
  });

  it('cuts the centre in either order of storage', () => {
    const square = Uint8Array.from({ length: 3 * 4 * 4 }, (_, at) => at);
    const cut = convertImage({ values: square, shape: rgb(4, 4), order: 'chw' }, { crop: 2 }, undefined, 'x');
    expect([...cut].map((value) => Math.round(value * 255))).toEqual([5, 6, 9, 10, 21, 22, 25, 26, 37, 38, 41, 42]);
    const mixed = convertImage({ values: square, shape: rgb(4, 4), order: 'hwc' }, { crop: 2 }, undefined, 'x');
    expect([...mixed].map((value) => Math.round(value * 255))).toEqual([
      15, 18, 27, 30, 16, 19, 28, 31, 17, 20, 29, 32,
    ]);
  });

  it('clips what rounding leaves outside [0, 1] and refuses the rest', () => {
    const of = (...floats: number[]) =>
      convertImage(
        { values: Float64Array.from(floats), shape: grey(1, floats.length), order: 'chw' },
        {},
        undefined,
        'a.npy, image 3',
      );
    expect([...of(1.000001, -0.000001)]).toEqual([1, 0]);
    expect(() => of(0, 255)).toThrow(/a.npy, image 3: has a pixel of value 255; pixels lie in \[0, 1\]/);
    expect(() => of(NaN)).toThrow(/NaN/);
    expect(() => of(-1)).toThrow(/-1/);
  });
});
