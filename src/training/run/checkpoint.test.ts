import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';

const checkpoint: Checkpoint = {
  identity: { recipe: 'tiny' },
  step: 3,
  lossSum: 1.5,
  metrics: [{ epoch: 1, step: 2, loss: 0.5, rate: 0.1, heldOut: 0, imagesPerSecond: 10, seconds: 1 }],
  normalisation: { mean: [0.5], std: [0.25] },
  vectors: new Map([
    ['parameters', Float32Array.of(1, -2, 3.5)],
    ['statistics', new Float32Array()],
  ]),
};

describe('a checkpoint', () => {
  it('is read as it was written', async () => {
    expect(await decodeCheckpoint(await encodeCheckpoint(checkpoint), 'file')).toEqual(checkpoint);
  });

  it('is refused with any one bit changed, and at any length', async () => {
    const whole = await encodeCheckpoint(checkpoint);
    for (let i = 0; i < whole.length; i++) {
      const changed = whole.slice();
      changed[i] ^= 1 << (i % 8);
      await expect(decodeCheckpoint(changed, 'file')).rejects.toMatchObject({ kind: 'misuse' });
      await expect(decodeCheckpoint(whole.subarray(0, i), 'file')).rejects.toMatchObject({ kind: 'misuse' });
    }
  });

  it.each([
    ['gimbal-checkpoint-1\n', 'format 1, which version 0.1.0 wrote: it has no checksum'],
    ['gimbal-checkpoint-3\n', 'format 3, which a newer version of Gimbal wrote'],
    ['anything else', 'is no checkpoint of gimbal train'],
  ])('of another format is refused in words that say so: %s', async (start, message) => {
    await expect(decodeCheckpoint(new TextEncoder().encode(start), 'file')).rejects.toThrow(message);
  });
});
