import type { Recipe } from '../recipe.ts';

/**
 * What all CIFAR-10 rows share: the whitened network of widths 32, 128, 128 (35 million multiply-adds an image, half a million parameters)
 * and a one-cycle run of SGD with a moving average of the weights.
 */
export const cifarBase = {
  architecture: 'whitened-convnet',
  depth: 8,
  width: 32,
  epochs: 10,
  batch: 128,
  flip: true,
  rate: 0.2,
  decay: 5e-4,
  smoothing: 0.05,
  averaging: 0.995,
  heldOut: 500,
} as const satisfies Partial<Recipe['settings']>;
