import type { Recipe } from '../recipe.ts';

/**
 * What the CIFAR-10 rows share: the whitened network of widths 64, 256, 256 (122 million multiply-adds an image, two
 * million parameters) and a one-cycle run of SGD with a moving average of the weights. Meant for a GPU; a CPU takes
 * hours.
 */
export const cifarBase = {
  architecture: 'whitened-convnet',
  depth: 8,
  width: 64,
  epochs: 20,
  batch: 256,
  flip: true,
  rate: 0.3,
  decay: 5e-4,
  smoothing: 0.05,
  averaging: 0.995,
  heldOut: 500,
  storage: 'float16',
} as const satisfies Partial<Recipe['settings']>;

/** Half the width (35 million multiply-adds, half a million parameters) and half the epochs. */
export const cifarSmall = { ...cifarBase, width: 32, epochs: 10 } as const satisfies Partial<Recipe['settings']>;

/** As `cifarSmall`, in smaller steps: minutes on a CPU. */
export const cifarOnCpu = { ...cifarSmall, batch: 128, rate: 0.2, storage: 'float32' } as const satisfies Partial<
  Recipe['settings']
>;
