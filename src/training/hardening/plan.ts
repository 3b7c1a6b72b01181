import type { z } from 'zod';
import type { ImageShape } from '../../image/image.ts';
import { imageSize } from '../../image/image.ts';
import { powerOfTwo } from '../recipes/adapt.ts';
import type { TrainingSchema } from '../recipes/recipe.ts';

/** What the settings of a hardening follow from. */
export interface HardeningSituation {
  /** Images that there are to train on and to hold out. */
  readonly images: number;
  readonly shape: ImageShape;
  readonly labelled: boolean;
  /** Whether mirrored images may be trained on as well: `mirroringIsHarmless`. */
  readonly mirrored: boolean;
  /** Limits of the transformations: degrees, pixels. */
  readonly rotation: number;
  readonly translation: number;
  /** Points of natural accuracy, in [0, 1], that may be lost. */
  readonly allowedLoss: number;
  readonly seed: number;
}

/** Values of all images of a batch together, natural ones alone: 128 of 3×32×32, 16 of 3×224×224. */
const VALUES_IN_A_BATCH = 2.5 * 2 ** 20;
/** Updates from which on a batch of images that is seen again and again teaches little more. */
const UPDATES = 4000;
/** Rate of small images, and how many from which on it holds; fewer take smaller steps (docs/harden.md, few images). */
const RATE = 0.04;
const MANY_IMAGES = 45_000;
const FEWER_IMAGES = 0.6;
/** Rate of photographs: nets for these have seen a million of them, and large steps lose what those taught. */
const PHOTOGRAPHS_RATE = 3e-4;
/** Side in pixels from which on a part of an image, enlarged, is an image as good. */
const PHOTOGRAPH = 64;
const FEWEST_EPOCHS = 2;
const MOST_EPOCHS = 30;
/** Without labels a few images soon teach no more than themselves. */
const MOST_EPOCHS_WITHOUT_LABELS = 4;

/**
 * Settings for hardening a trained model, from the number of images and their size. Few images take small batches and
 * more epochs; what is held out is a tenth of them, 1,000 at most.
 */
export function planHardening(situation: HardeningSituation): z.input<typeof TrainingSchema> {
  const { images, shape, labelled, mirrored, rotation, translation, allowedLoss, seed } = situation;
  const heldOut = Math.min(1000, Math.max(Math.min(10, Math.floor(images / 3)), Math.round(images / 10)));
  const trained = images - heldOut;
  const fitting = VALUES_IN_A_BATCH / imageSize(shape);
  const batch = powerOfTwo(Math.min(128, fitting, trained / 20));
  const updatesInAnEpoch = Math.max(1, Math.floor(trained / batch));
  const side = Math.min(shape.height, shape.width);
  const epochs = Math.min(
    labelled ? MOST_EPOCHS : MOST_EPOCHS_WITHOUT_LABELS,
    Math.max(FEWEST_EPOCHS, Math.round(UPDATES / updatesInAnEpoch)),
  );
  return {
    ...(labelled
      ? { objective: 'regularised', distance: 'kl', lambda: 2, candidates: 1 }
      : { objective: 'distilled', lambda: 1, candidates: 3 }),
    rotation,
    translation,
    heldOut,
    batch,
    epochs,
    optimizer: 'adamw',
    rate: side < PHOTOGRAPH ? smallImagesRate(trained) : PHOTOGRAPHS_RATE,
    decay: 1e-4,
    schedule: 'one-cycle',
    warmup: 0.1,
    averaging: 0.995,
    flip: mirrored,
    ...(side < PHOTOGRAPH ? { crop: Math.round(side / 16) } : { zoom: 0.2 }),
    keep: 'best',
    // With labels, held-out images that the model was trained on before it came would show too large a loss.
    interpolate: !labelled,
    allowedLoss,
    seed,
  };
}

/** To two digits, as it is shown. */
function smallImagesRate(trained: number): number {
  return Number((RATE * Math.min(1, (trained / MANY_IMAGES) ** FEWER_IMAGES)).toPrecision(2));
}
