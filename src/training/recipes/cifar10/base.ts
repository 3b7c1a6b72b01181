import type { Recipe } from '../recipe.ts';

/** What all CIFAR-10 rows share: a residual network of widths 32, 64, 128 and a one-cycle run of SGD. */
export const cifarBase = {
  architecture: 'resnet',
  depth: 20,
  width: 32,
  epochs: 30,
  batch: 128,
  flip: true,
  rate: 0.2,
  decay: 5e-4,
  smoothing: 0.05,
  averaging: 0.999,
} as const satisfies Partial<Recipe['settings']>;
