import { expect, it } from 'vitest';
import { planHardening } from './plan.ts';

const planFor = (images: number, side = 32, labelled = true) =>
  planHardening({
    images,
    shape: { channels: 3, height: side, width: side },
    labelled,
    mirrored: true,
    rotation: 30,
    translation: 3,
    allowedLoss: 0.01,
    seed: 0,
  });

it.each([
  [60, { heldOut: 10, batch: 2, epochs: 30, rate: 0.00068 }],
  [1000, { heldOut: 100, batch: 32, epochs: 30, rate: 0.0038 }],
  [50_000, { heldOut: 1000, batch: 128, epochs: 10, rate: 0.04 }],
  [1_000_000, { heldOut: 1000, batch: 128, epochs: 2, rate: 0.04 }],
])('fits the settings to %i small images', (images, settings) => {
  expect(planFor(images)).toMatchObject(settings);
});

it('takes small steps and small batches on photographs, however many there are', () => {
  for (const images of [720, 100_000]) expect(planFor(images, 224, false)).toMatchObject({ batch: 16, rate: 3e-4 });
});

it('tries part of the way back without labels, where no held-out image was trained on', () => {
  for (const side of [32, 224]) {
    expect(planFor(720, side, false)).toMatchObject({ interpolate: true });
    expect(planFor(720, side)).toMatchObject({ interpolate: false });
  }
});

it('holds out a third at most, and trains on the rest', () => {
  for (const images of [3, 12, 30]) {
    const { heldOut, batch } = planFor(images);
    expect(heldOut).toBeLessThanOrEqual(Math.floor(images / 3));
    expect(batch).toBeLessThanOrEqual(images - heldOut!);
  }
});
