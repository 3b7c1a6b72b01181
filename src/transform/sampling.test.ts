import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize, type ImageShape } from '../image/image.ts';
import { pixelsOutside } from './mask.ts';
import { PADDINGS, type Transformation } from './transformation.ts';
import { createWarp, DEFAULT_WARP, type WarpSettings } from './warp.ts';

const NEAREST: WarpSettings = { ...DEFAULT_WARP, interpolation: 'nearest' };

function warped(shape: ImageShape, source: Float32Array, t: Transformation, settings: WarpSettings): Float32Array {
  const target = new Float32Array(imageSize(shape)).fill(7);
  createWarp(shape, settings).apply(source, t, target);
  return target;
}

const counting = (shape: ImageShape): Float32Array => Float32Array.from({ length: imageSize(shape) }, (_, i) => i + 1);

const transformations = fc.record({
  tx: fc.double({ min: -4, max: 4, noNaN: true }),
  ty: fc.double({ min: -4, max: 4, noNaN: true }),
  angle: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('nearest sampling', () => {
  const shape = { channels: 2, height: 3, width: 4 };

  it('takes the pixel at (⌊x + ½⌋, ⌊y + ½⌋): half a pixel to the right is still the pixel itself', () => {
    const row = { channels: 1, height: 1, width: 3 };
    const source = new Float32Array([1, 2, 3]);
    // p_in.x = x − tx: −½ + ½ = 0, so the first pixel shows itself; a little more and it shows what lies outside.
    expect([...warped(row, source, { tx: 0.5, ty: 0, angle: 0 }, NEAREST)]).toEqual([1, 2, 3]);
    expect([...warped(row, source, { tx: 0.51, ty: 0, angle: 0 }, NEAREST)]).toEqual([0, 1, 2]);
    expect([...warped(row, source, { tx: -0.5, ty: 0, angle: 0 }, NEAREST)]).toEqual([2, 3, 0]);
    expect([...warped(row, source, { tx: -0.49, ty: 0, angle: 0 }, NEAREST)]).toEqual([1, 2, 3]);
  });

  it('agrees with bilinear sampling wherever that reads whole pixels', () => {
    for (const padding of PADDINGS)
      for (const t of [
        { tx: 2, ty: -1, angle: 0 },
        { tx: 0, ty: 0, angle: 180 },
        { tx: -1, ty: 1, angle: 180 },
      ])
        expect(warped(shape, counting(shape), t, { ...NEAREST, padding })).toEqual(
          warped(shape, counting(shape), t, { ...DEFAULT_WARP, padding }),
        );
  });

  it('shows only pixels of the source or the fill', () => {
    fc.assert(
      fc.property(transformations, (t) => {
        const source = counting(shape);
        const image = warped(shape, source, t, NEAREST);
        image.forEach((value, i) => expect(value === 0 || source.indexOf(value) >= (i < 12 ? 0 : 12)).toBe(true));
      }),
    );
  });

  it('has its transpose as adjoint, masked or not', () => {
    fc.assert(
      fc.property(transformations, fc.constantFrom('none' as const, 'circle' as const), (t, mask) => {
        const warp = createWarp(shape, { ...NEAREST, mask });
        const [x, y] = [counting(shape), counting(shape).map((v) => (v * 7) % 5)];
        const [forward, back] = [new Float32Array(x.length), new Float32Array(x.length)];
        warp.apply(x, t, forward);
        warp.adjoint(y, t, back);
        const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
        expect(dot(forward, y)).toBe(dot(x, back));
      }),
    );
  });

  it('refuses a derivative by the transformation', () => {
    const source = counting(shape);
    expect(() => createWarp(shape, NEAREST).derivative(source, { tx: 0, ty: 0, angle: 1 }, source)).toThrow(
      /nearest sampling there is none/,
    );
  });
});

describe('the circle mask', () => {
  it('leaves out the pixels whose centre is farther from the centre than half of the shorter side', () => {
    // 4×4: the corner's centre is 1.5·√2 = 2.12 away, its neighbour's √(1.5² + 0.5²) = 1.58; the radius is 2.
    expect(pixelsOutside({ height: 4, width: 4 })).toEqual([0, 3, 12, 15]);
    // 3×3: the corner's centre is √2 = 1.41 away, within 1.5.
    expect(pixelsOutside({ height: 3, width: 3 })).toEqual([]);
    // 2×6: centres at 0.5, 1.5 and 2.5 sideways and 0.5 up: √(0.5² + 0.5²) = 0.71 ≤ 1, √(1.5² + 0.5²) = 1.58 > 1.
    expect(pixelsOutside({ height: 2, width: 6 })).toEqual([0, 1, 4, 5, 6, 7, 10, 11]);
  });

  it('blackens them in every channel of images that are moved and of those that are not, and nothing else', () => {
    const shape = { channels: 3, height: 4, width: 4 };
    for (const interpolation of ['bilinear', 'nearest'] as const)
      for (const t of [
        { tx: 0, ty: 0, angle: 0 },
        { tx: 0.3, ty: -1, angle: 17 },
      ]) {
        const plain = warped(shape, counting(shape), t, { ...DEFAULT_WARP, interpolation });
        const masked = warped(shape, counting(shape), t, { ...DEFAULT_WARP, interpolation, mask: 'circle' });
        masked.forEach((value, i) => expect(value).toBe([0, 3, 12, 15].includes(i % 16) ? 0 : plain[i]));
      }
  });

  it('keeps what is not shown out of the derivative', () => {
    const shape = { channels: 1, height: 4, width: 4 };
    const warp = createWarp(shape, { ...DEFAULT_WARP, mask: 'circle' });
    const corners = new Float32Array(16);
    for (const i of [0, 3, 12, 15]) corners[i] = 1;
    const target = new Float32Array(16);
    warp.adjoint(corners, { tx: 0.2, ty: 0, angle: 3 }, target);
    expect([...target]).toEqual(new Array(16).fill(0));
    expect(warp.derivative(counting(shape), { tx: 0.2, ty: 0, angle: 3 }, corners)).toEqual([0, 0, 0]);
  });
});
