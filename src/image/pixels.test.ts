import { describe, expect, it } from 'vitest';
import { allocatePixels } from './pixels.ts';

describe('allocatePixels', () => {
  it('gives zeros on shared memory', () => {
    const pixels = allocatePixels(5);
    expect([...pixels]).toEqual([0, 0, 0, 0, 0]);
    expect(pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('lets images be collected that were held for a while', async () => {
    const images = 1000;
    const length = 150_000;
    const before = process.memoryUsage().arrayBuffers;
    const held: Float32Array[] = [];
    for (let image = 0; image < images; image++) {
      held.push(allocatePixels(length));
      if (held.length > 32) held.shift();
      if (image % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // 600 MB went through; without the stand-ins, nearly all of it is still there.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((images * length * 4 * 3) / 4);
  });
});
