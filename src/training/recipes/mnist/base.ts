import type { Recipe } from '../recipe.ts';

/** What all MNIST rows share: the paper's network, a short one-cycle run of AdamW and a moving average of weights. */
export const mnistBase = {
  architecture: 'mnist-convnet',
  epochs: 12,
  batch: 128,
  optimizer: 'adamw',
  rate: 0.001,
  decay: 0.01,
  schedule: 'one-cycle',
  averaging: 0.998,
} as const satisfies Partial<Recipe['settings']>;
