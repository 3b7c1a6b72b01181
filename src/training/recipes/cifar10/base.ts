import type { Recipe } from '../recipe.ts';

/**
 * What all CIFAR-10 rows share: a short residual network of widths 32, 64, 128, 256 (96 million multiply-adds an image) and a one-cycle run of
 * SGD with a moving average of the weights.
 */
export const cifarBase = {
  architecture: 'resnet9',
  depth: 9,
  width: 32,
  epochs: 14,
  batch: 256,
  flip: true,
  rate: 0.4,
  decay: 5e-4,
  smoothing: 0.05,
  averaging: 0.999,
  heldOut: 500,
} as const satisfies Partial<Recipe['settings']>;
