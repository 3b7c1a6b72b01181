import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize, type ImageShape } from '../image/image.ts';
import { CONVENTIONS, PADDINGS, type Transformation } from './transformation.ts';
import { createWarp, type WarpSettings } from './warp.ts';

const grey = (height: number, width: number): ImageShape => ({ channels: 1, height, width });

function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
}

function warped(shape: ImageShape, source: Float32Array, t: Transformation, settings?: WarpSettings): Float32Array {
  const target = new Float32Array(imageSize(shape));
  createWarp(shape, settings).apply(source, t, target);
  return target;
}

/** A second, plain implementation of spatial.md's definition: every tap by itself, in float64. */
function reference(shape: ImageShape, source: Float32Array, t: Transformation): number[] {
  const { height, width } = shape;
  const cx = (width - 1) / 2;
  const cy = (height - 1) / 2;
  const theta = (t.angle * Math.PI) / 180;
  const read = (channel: number, y: number, x: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : source[(channel * height + y) * width + x];
  const out: number[] = [];
  for (let channel = 0; channel < shape.channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const px = x - t.tx - cx;
        const py = y - t.ty - cy;
        const xIn = Math.cos(theta) * px - Math.sin(theta) * py + cx;
        const yIn = Math.sin(theta) * px + Math.cos(theta) * py + cy;
        const x0 = Math.floor(xIn);
        const y0 = Math.floor(yIn);
        const fx = xIn - x0;
        const fy = yIn - y0;
        out.push(
          (1 - fy) * ((1 - fx) * read(channel, y0, x0) + fx * read(channel, y0, x0 + 1)) +
            fy * ((1 - fx) * read(channel, y0 + 1, x0) + fx * read(channel, y0 + 1, x0 + 1)),
        );
      }
    }
  }
  return out;
}

const transformations = fc.record({
  tx: fc.double({ min: -9, max: 9, noNaN: true }),
  ty: fc.double({ min: -9, max: 9, noNaN: true }),
  angle: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('the transformation', () => {
  it('is the identity at (0, 0, 0), bit for bit, under every convention and padding', () => {
    const shape = { channels: 3, height: 7, width: 10 };
    const source = noise(imageSize(shape), 1);
    for (const convention of CONVENTIONS) {
      for (const padding of convention === 'gimbal' ? PADDINGS : (['zeros'] as const)) {
        expect(warped(shape, source, { tx: 0, ty: 0, angle: 0 }, { padding, convention })).toEqual(source);
      }
    }
  });

  it('agrees with the formula, tap by tap', () => {
    fc.assert(
      fc.property(
        transformations,
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 2, max: 9 }),
        (t, height, width) => {
          const shape = { channels: 2, height, width };
          const source = noise(imageSize(shape), 2);
          const expected = reference(shape, source, t);
          warped(shape, source, t).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-6));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('moves a point by exactly t, once: right for tx, down for ty, on images that are not square', () => {
    const shape = grey(5, 8);
    const source = new Float32Array(40);
    source[2 * 8 + 3] = 1;
    const moved = warped(shape, source, { tx: 2, ty: 1, angle: 0 });
    const expected = new Float32Array(40);
    expected[3 * 8 + 5] = 1;
    expect(moved).toEqual(expected);
  });

  it('splits a point evenly when moved by half a pixel', () => {
    expect([...warped(grey(1, 4), Float32Array.of(0, 1, 0, 0), { tx: 0.5, ty: 0, angle: 0 })]).toEqual([
      0, 0.5, 0.5, 0,
    ]);
  });

  it('turns by 90° as an exact rotation of the array, counter-clockwise', () => {
    const shape = grey(4, 4);
    const source = noise(16, 3);
    const turned = warped(shape, source, { tx: 0, ty: 0, angle: 90 });
    // Counter-clockwise: the right column becomes the top row.
    const expected = Float32Array.from({ length: 16 }, (_, i) => source[(i % 4) * 4 + (3 - Math.floor(i / 4))]);
    expect(turned).toEqual(expected);
  });

  it('turns about the centre before it translates', () => {
    const source = new Float32Array(25);
    source[2 * 5 + 4] = 1; // right of the centre
    const out = warped(grey(5, 5), source, { tx: 1, ty: 0, angle: 90 }); // to the top, then right
    expect(out[0 * 5 + 3]).toBe(1);
  });

  it('fades at the edges, tap by tap', () => {
    const row = Float32Array.of(1, 1, 1, 1);
    expect([...warped(grey(1, 4), row, { tx: 1.5, ty: 0, angle: 0 })]).toEqual([0, 0.5, 1, 1]);
  });

  it('pads by reflection at pixel centres and by the edge', () => {
    const row = Float32Array.of(1, 2, 3, 4);
    expect([
      ...warped(grey(1, 4), row, { tx: 2, ty: 0, angle: 0 }, { padding: 'reflect', convention: 'gimbal' }),
    ]).toEqual([3, 2, 1, 2]);
    expect([...warped(grey(1, 4), row, { tx: 2, ty: 0, angle: 0 }, { padding: 'edge', convention: 'gimbal' })]).toEqual(
      [1, 1, 1, 2],
    );
    expect([
      ...warped(grey(1, 4), row, { tx: -9, ty: 0, angle: 0 }, { padding: 'reflect', convention: 'gimbal' }),
    ]).toEqual([4, 3, 2, 1].map((_, i) => [1, 2, 3, 4, 3, 2][(i + 9) % 6]));
  });

  it('transforms every channel alike and writes at an offset', () => {
    const shape = { channels: 3, height: 4, width: 4 };
    const plane = noise(16, 4);
    const source = Float32Array.from({ length: 48 }, (_, i) => plane[i % 16]);
    const target = new Float32Array(50).fill(7);
    createWarp(shape).apply(source, { tx: 0.3, ty: -1, angle: 12 }, target, 1);
    expect(target[0]).toBe(7);
    expect(target[49]).toBe(7);
    expect(target.slice(1, 17)).toEqual(target.slice(33, 49));
  });
});

describe('conventions of other codes', () => {
  it('madry-tf: one rotation pass on a canvas of 16 px more on each side, then one translation pass', () => {
    const shape = grey(8, 8);
    const source = noise(64, 5);
    const canvasShape = grey(40, 40);
    const canvas = new Float32Array(1600);
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) canvas[(y + 16) * 40 + x + 16] = source[y * 8 + x];
    const t = { tx: 1.5, ty: -0.75, angle: 23 };
    const turned = Float32Array.from(reference(canvasShape, canvas, { tx: 0, ty: 0, angle: t.angle }));
    const moved = reference(canvasShape, turned, { tx: t.tx, ty: t.ty, angle: 0 });
    const out = warped(shape, source, t, { padding: 'zeros', convention: 'madry-tf' });
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) expect(out[y * 8 + x]).toBeCloseTo(moved[(y + 16) * 40 + x + 16], 6);
  });

  it('madry-torch: p_in = R·p_out + t, so content moves by −t and is then turned', () => {
    const source = new Float32Array(25);
    // The centre: by −1.25 · 4/5 px to the left of it, turned by 90° counter-clockwise to below it.
    source[2 * 5 + 2] = 1;
    const out = warped(
      grey(5, 5),
      source,
      { tx: 1.25, ty: 0, angle: 90 },
      { padding: 'zeros', convention: 'madry-torch' },
    );
    expect(out[3 * 5 + 2]).toBe(1);
  });

  it('madry-torch: a shift is a part of the side, of whose pixels a side has one less: 24 px of 224 are 23.893', () => {
    // PyTorch 2.13, float64: grid_sample(x, R·p + 2·(1.5/6, −1/6), align_corners=True) with p from linspace(−1, 1, 6).
    const expected = [
      0.0, 0.0, 0.127935, 0.348355, 0.0, 0.0, 0.087851, 0.324507, 0.600699, 0.675853, 0.165038, 0.0, 0.268228, 0.343382,
      0.418537, 0.493691, 0.354763, 0.0, 0.132252, 0.16122, 0.236374, 0.311529, 0.386683, 0.067483, 0.88186, 0.521309,
      0.32995, 0.23205, 0.204521, 0.138635, 0.725663, 0.800817, 0.808696, 0.8251, 0.560856, 0.137998,
    ];
    const source = Float32Array.from({ length: 36 }, (_, i) => ((37 * i + 11) % 256) / 255);
    const settings = { padding: 'zeros', convention: 'madry-torch' } as const;
    warped(grey(6, 6), source, { tx: 1.5, ty: -1, angle: 25 }, settings).forEach((value, i) =>
      expect(value).toBeCloseTo(expected[i], 5),
    );
    const point = new Float32Array(3 * 224);
    point[224 + 100] = 1;
    const moved = warped(grey(3, 224), point, { tx: 24, ty: 0, angle: 0 }, settings);
    // Bilinear weights of the two pixels that a content 23.893 px further left falls on.
    expect(moved[224 + 76]).toBeCloseTo(1 - 24 / 224, 5);
    expect(moved[224 + 77]).toBeCloseTo(24 / 224, 5);
  });

  it('refuses paddings that the other code does not have', () => {
    expect(() => createWarp(grey(4, 4), { padding: 'edge', convention: 'madry-tf' })).toThrow(
      /padding edge: the convention madry-tf pads with zeros only/,
    );
  });
});

describe('derivatives', () => {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cases = [
    ...CONVENTIONS.map((convention) => ({ padding: 'zeros' as const, convention })),
    { padding: 'reflect' as const, convention: 'gimbal' as const },
    { padding: 'edge' as const, convention: 'gimbal' as const },
  ];

  it('by the three parameters agree with central differences', () => {
    const shape = { channels: 2, height: 9, width: 7 };
    for (const settings of cases) {
      const source = noise(imageSize(shape), 6);
      const gradient = noise(imageSize(shape), 7);
      const warp = createWarp(shape, settings);
      const t = { tx: 0.4131, ty: -0.7221, angle: 11.3 };
      const value = (s: Transformation) => {
        // Float64 output, where the convention has a single pass, keeps rounding out of the differences.
        const target = new Float64Array(imageSize(shape)) as unknown as Float32Array;
        createWarp(shape, settings).apply(source, s, target);
        return dot(target, gradient);
      };
      const step = settings.convention === 'madry-tf' ? 1e-4 : 1e-6;
      const numeric = (['tx', 'ty', 'angle'] as const).map(
        (key) => (value({ ...t, [key]: t[key] + step }) - value({ ...t, [key]: t[key] - step })) / (2 * step),
      );
      warp
        .derivative(source, t, gradient)
        .forEach((exact, i) => expect(Math.abs(exact - numeric[i])).toBeLessThan(2e-3 * Math.max(1, Math.abs(exact))));
    }
  });

  it('the adjoint satisfies ⟨warp(x), y⟩ = ⟨x, adjoint(y)⟩', () => {
    const shape = { channels: 2, height: 6, width: 8 };
    for (const settings of cases) {
      fc.assert(
        fc.property(transformations, (t) => {
          const x = noise(imageSize(shape), 8);
          const y = noise(imageSize(shape), 9);
          const back = new Float32Array(imageSize(shape));
          createWarp(shape, settings).adjoint(y, t, back);
          expect(Math.abs(dot(warped(shape, x, t, settings), y) - dot(x, back))).toBeLessThan(1e-4);
        }),
        { numRuns: 25 },
      );
    }
  });
});
