import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModelInput } from './description.ts';
import { createEncoder } from './encoder.ts';
import { checkPreprocessing, defaultPreprocessing, type Preprocessing } from './preprocessing.ts';

function input(
  channels: number,
  layout: ModelInput['layout'] = 'nchw',
  type: ModelInput['type'] = 'float32',
): ModelInput {
  return { name: 'x', type, layout, shape: { channels, height: 1, width: 2 }, dims: [], batch: 'free' };
}

const plain = defaultPreprocessing(input(3));

function encode(model: ModelInput, preprocessing: Partial<Preprocessing>, pixels: number[]): number[] {
  const encoder = createEncoder(model, { ...plain, ...preprocessing });
  const target = new Float32Array(encoder.size);
  encoder.encode(Float32Array.from(pixels), target);
  return [...target];
}

// Two pixels: red 0 and 1, green 0.5 and 0.25, blue 1 and 0.
const pixels = [0, 1, 0.5, 0.25, 1, 0];

describe('encode', () => {
  test.each([
    ['as it is', input(3), {}, [0, 1, 0.5, 0.25, 1, 0]],
    ['pixel by pixel', input(3, 'nhwc'), {}, [0, 0.5, 1, 1, 0.25, 0]],
    ['blue first', input(3), { bgr: true }, [1, 0, 0.5, 0.25, 0, 1]],
    ['blue first, pixel by pixel', input(3, 'nhwc'), { bgr: true }, [1, 0.5, 0, 0, 0.25, 1]],
    ['to 255', input(3), { scale: '0,255' }, [0, 255, 127.5, 63.75, 255, 0]],
    ['from −1', input(3), { scale: '-1,1' }, [-1, 1, 0, -0.5, 1, -1]],
    ['one mean and deviation', input(3), { mean: [0.5], std: [0.25] }, [-2, 2, 0, -1, 2, -2]],
    ['mean and deviation by channel', input(3), { mean: [0, 0.5, 1], std: [1, 0.5, 0.25] }, [0, 1, 0, -0.5, 0, -4]],
    [
      'mean behind the scale, in the order of the model',
      input(3),
      { scale: '0,255', bgr: true, mean: [255, 0, 0], std: [1, 1, 255] },
      [0, -255, 127.5, 63.75, 0, 1],
    ],
  ] as const)('%s', (_, model, preprocessing, expected) => {
    expect(encode(model, preprocessing, pixels)).toEqual(expected);
  });

  test('standardisation of each image: mean 0, deviation 1, but never divided by less than 1/√N', () => {
    // Mean 0.5, σ = 0.5 > 1/√2? no: two values, 1/√2 = 0.707 is divided by.
    const [low, high] = encode(input(1), { perImageStandardization: true }, [0, 1]);
    expect(low).toBeCloseTo(-0.5 * Math.SQRT2, 6);
    expect(high).toBeCloseTo(0.5 * Math.SQRT2, 6);
    // With [0, 255] σ = 127.5 is divided by.
    expect(encode(input(1), { perImageStandardization: true, scale: '0,255' }, [0, 1])).toEqual([-1, 1]);
    expect(encode(input(1), { perImageStandardization: true }, [0.3, 0.3])).toEqual([0, 0]);
  });

  test('in place where the encoder says so', () => {
    for (const preprocessing of [
      plain,
      { ...plain, scale: '0,255' as const, mean: [1, 2, 3] },
      { ...plain, perImageStandardization: true },
    ]) {
      const encoder = createEncoder(input(3), preprocessing);
      expect(encoder.inPlace).toBe(true);
      const image = Float32Array.from(pixels);
      encoder.encode(image, image);
      expect([...image]).toEqual(encode(input(3), preprocessing, pixels));
    }
    expect(createEncoder(input(3, 'nhwc'), plain).inPlace).toBe(false);
    expect(createEncoder(input(3), { ...plain, bgr: true }).inPlace).toBe(false);
  });
});

test('backward is the transposed derivative of encode', () => {
  const preprocessings = fc.record({
    scale: fc.constantFrom('0,1', '0,255', '-1,1'),
    bgr: fc.boolean(),
    statistics: fc.constantFrom(
      { mean: [0], std: [1] },
      { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] },
      { perImageStandardization: true },
    ),
  });
  const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(
      preprocessings,
      fc.constantFrom('nchw', 'nhwc'),
      values,
      values,
      values,
      ({ statistics, ...rest }, layout, x, direction, gradient) => {
        const model = input(3, layout as 'nchw');
        const preprocessing = { ...plain, ...rest, ...statistics } as Preprocessing;
        const encoder = createEncoder(model, preprocessing);
        const at = (t: number): number => {
          const encoded = new Float32Array(6);
          encoder.encode(
            Float32Array.from({ length: 6 }, (_, i) => x[i] + t * direction[i]),
            encoded,
          );
          return encoded.reduce((sum, v, i) => sum + v * gradient[i], 0);
        };
        const byRaw = new Float32Array(6);
        encoder.backward(Float32Array.from(x), Float32Array.from(gradient), byRaw);
        const exact = byRaw.reduce((sum, g, i) => sum + g * direction[i], 0);
        const difference = (h: number): number => (at(h) - at(-h)) / (2 * h);
        // Near the kink of max(σ, 1/√N) differences say nothing: they then change with the step.
        fc.pre(Math.abs(difference(4e-3) - difference(1e-3)) < 0.01 * Math.max(1, Math.abs(exact)));
        expect(Math.abs(difference(1e-3) - exact)).toBeLessThan(0.03 * Math.max(1, Math.abs(exact)));
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  [input(3), { mean: [1, 2] }, "'mean'"],
  [input(3), { mean: [NaN] }, "'mean'"],
  [input(1), { std: [1, 1, 1] }, "'std'"],
  [input(3), { std: [1, 0, 1] }, "'std'"],
  [input(3), { mean: [123.675, 116.28, 103.53] }, "'mean'"],
  [input(3), { scale: '0,255', mean: [-0.5] }, "'mean'"],
  [input(3), { mean: [0.5], perImageStandardization: true }, "'per-image-standardization'"],
  [input(3, 'nchw', 'uint8'), { scale: '0,1' }, 'preprocessing'],
  [input(3, 'nchw', 'uint8'), { scale: '0,255', std: [2] }, 'preprocessing'],
  [input(1), { bgr: true }, "'bgr'"],
] as const)('%o does not go with %o', (model, preprocessing, subject) => {
  expect(() => checkPreprocessing({ ...plain, ...preprocessing }, model)).toThrow(
    expect.objectContaining({ kind: 'misuse', issue: expect.objectContaining({ subject }) }),
  );
});
