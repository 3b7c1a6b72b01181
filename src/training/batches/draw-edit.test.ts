import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/stream.ts';
import { drawColourJitter, drawLight } from './colour-jitter.ts';
import { drawResizedCrop } from './resized-crop.ts';

const stream = randomStream(0, 'test');
const COUNT = 4000;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('drawResizedCrop', () => {
  const size = { height: 300, width: 400 };

  it('draws parts of the area and aspect ratio that it should, inside of the image', () => {
    const parts = Array.from({ length: COUNT }, (_, index) => drawResizedCrop(0.08, size, stream, index, 3));
    for (const { top, left, height, width } of parts) {
      expect(top >= 0 && left >= 0 && top + height <= 300 && left + width <= 400).toBe(true);
      const [share, ratio] = [(height * width) / 120_000, width / height];
      expect(share > 0.078 && share < 1.001).toBe(true);
      expect(ratio > 0.74 && ratio < 1.35).toBe(true);
    }
    // Means of 20,000 parts that torchvision 0.28 draws of such an image (RandomResizedCrop.get_params).
    expect(mean(parts.map(({ height, width }) => (height * width) / 120_000))).toBeCloseTo(0.4351, 1.5);
    expect(mean(parts.map(({ height, width }) => Math.log(width / height)))).toBeCloseTo(0.0314, 1.5);
  });

  it('takes the first draw where that fits: a hand-computed case', () => {
    const [a, r, u, v] = stream.uniform4(7, 0, 2);
    const area = 120_000 * (0.08 + 0.92 * a);
    const ratio = Math.exp(Math.log(3 / 4) + r * (Math.log(4 / 3) - Math.log(3 / 4)));
    const [width, height] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
    expect(width <= 400 && height <= 300).toBe(true);
    expect(drawResizedCrop(0.08, size, stream, 7, 2)).toEqual({
      top: Math.floor(u * (301 - height)),
      left: Math.floor(v * (401 - width)),
      height,
      width,
    });
  });

  it('takes the centre of an image that is too narrow or too wide for any draw', () => {
    // torchvision: 100 wide, 100 / (3 / 4) high; 100 high, 100 · 4 / 3 wide.
    const all = (height: number, width: number) => drawResizedCrop(0.9, { height, width }, stream, 0, 0);
    expect(all(1000, 100)).toEqual({ top: 433, left: 0, height: 133, width: 100 });
    expect(all(100, 1000)).toEqual({ top: 0, left: 433, height: 100, width: 133 });
  });
});

describe('drawColourJitter', () => {
  it('draws all six orders alike and factors around 1', () => {
    const drawn = Array.from({ length: COUNT }, (_, index) => drawColourJitter(0.1, stream, index, 0));
    const orders = new Map<string, number>();
    for (const changes of drawn) {
      const order = changes.map(({ kind }) => kind).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count / COUNT - 1 / 6)).toBeLessThan(0.03);
    const factors = drawn.flatMap((changes) => changes.map(({ factor }) => factor));
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.9);
    expect(Math.max(...factors)).toBeLessThan(1.1);
    expect(mean(factors)).toBeCloseTo(1, 2);
    expect(drawColourJitter(0, stream, 0, 0)).toEqual([]);
  });
});

it('draws light mostly alike in all colours, as photographs have it', () => {
  const lights = Array.from({ length: COUNT }, (_, index) => drawLight(0.05, stream, index, 0)!);
  // The first axis: 0.05 · 0.2175 · 0.5675 and so on; the others add a thousandth.
  const deviations = [0, 1, 2].map((c) => Math.sqrt(mean(lights.map((light) => light[c] ** 2))));
  deviations.forEach((deviation, c) => expect(deviation).toBeCloseTo([0.0062, 0.0063, 0.0064][c], 3));
  expect(drawLight(0, stream, 0, 0)).toBeUndefined();
});
