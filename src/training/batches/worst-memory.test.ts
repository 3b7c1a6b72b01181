import { describe, expect, it } from 'vitest';
import { createWarp } from '../../transform/warp.ts';
import { mirrorAndShift } from '../../data/edit.ts';
import { WorstMemory } from './worst-memory.ts';

describe('WorstMemory', () => {
  it('knows nothing at first and gives back what it kept, mirrored where the image is', () => {
    const kept = new Float32Array(6);
    const memory = new WorstMemory(kept);
    expect(memory.recall(1, false)).toBeUndefined();
    memory.keep(1, false, { tx: 1, ty: 2, angle: 30 });
    expect(memory.recall(1, false)).toEqual({ tx: 1, ty: 2, angle: 30 });
    expect(memory.recall(1, true)).toEqual({ tx: -1, ty: 2, angle: -30 });
    memory.keep(0, true, { tx: 0, ty: -1, angle: 15 });
    expect([...kept]).toEqual([0, -1, -15, 1, 2, 30]);
  });

  it('mirrors a transformation as the image is mirrored', () => {
    const shape = { channels: 1, height: 5, width: 6 };
    const image = Float32Array.from({ length: 30 }, (_, i) => (i * 7) % 11);
    const warp = createWarp(shape);
    const warped = (pixels: Float32Array, t: { tx: number; ty: number; angle: number }): Float32Array => {
      const target = new Float32Array(30);
      warp.apply(pixels, t, target, 0);
      return target;
    };
    const memory = new WorstMemory(new Float32Array(3));
    memory.keep(0, false, { tx: 1.5, ty: -0.5, angle: 20 });
    const plain = mirrorAndShift(warped(image, memory.recall(0, false)!), shape, true, 0, 0);
    const mirrored = warped(mirrorAndShift(image, shape, true, 0, 0), memory.recall(0, true)!);
    plain.forEach((value, i) => expect(mirrored[i]).toBeCloseTo(value, 4));
  });
});
