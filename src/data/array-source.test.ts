import { describe, expect, it } from 'vitest';
import { arraySource } from './array-source.ts';

const shape = { channels: 1, height: 1, width: 2 };
const images = [Float32Array.of(0, 1), Float32Array.of(0.5, 0.25)];

describe('arraySource', () => {
  it('gives images by position, in the order asked for, on shared memory', async () => {
    const source = arraySource({ images, labels: [3, 1], shape });
    const read = await source.read([1, 0]);
    expect(read.map(({ index, label, pixels }) => [index, label, ...pixels])).toEqual([
      [1, 1, 0.5, 0.25],
      [0, 3, 0, 1],
    ]);
    expect(read[0].pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(source.classes).toBe(4);
    await expect(source.read([2])).rejects.toThrow('internal: position 2');
  });

  it('has a fingerprint that follows pixels, labels and shape', () => {
    const print = (change: object) => arraySource({ images, labels: [3, 1], shape, ...change }).fingerprint;
    const prints = [
      print({}),
      print({ labels: [1, 3] }),
      print({ images: [images[1], images[0]] }),
      print({ shape: { channels: 1, height: 2, width: 1 } }),
    ];
    expect(new Set(prints).size).toBe(4);
    expect(print({ name: 'other' })).toBe(prints[0]);
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [{ labels: [1] }, 'count-mismatch'],
    [{ images: [], labels: [] }, 'empty-data'],
    [{ images: [images[0], Float32Array.of(1)] }, 'image-shape'],
    [{ images: [images[0], Float32Array.of(0, 255)] }, 'pixel-range'],
    [{ images: [images[0], Float32Array.of(0, NaN)] }, 'pixel-range'],
    [{ labels: [0, -1] }, 'label-out-of-range'],
    [{ labels: [0, 2], classNames: ['cat', 'dog'] }, 'label-out-of-range'],
  ])('refuses %j', (change, code) => {
    let issue: unknown;
    try {
      arraySource({ images, labels: [0, 1], shape, ...change });
    } catch (error) {
      issue = (error as { issue: { code: string } }).issue;
    }
    expect(issue).toMatchObject({ code });
  });
});
