import type { Recipe } from '../recipe.ts';

/**
 * What all MNIST rows share: a small network, a short one-cycle run of AdamW and a moving average of weights. The
 * paper's own network (`mnist-convnet`, 3.3 million parameters, with a dense layer over places) takes two and a half
 * times the time for an epoch, and withstands less after as many: docs/measurements.md.
 */
export const mnistBase = {
  architecture: 'plain-convnet',
  depth: 6,
  width: 16,
  epochs: 10,
  batch: 128,
  optimizer: 'adamw',
  rate: 0.004,
  decay: 0.01,
  averaging: 0.995,
} as const satisfies Partial<Recipe['settings']>;

/** A step costs several times as much, so k rises from 4 to 10 over the first half; in return there are more epochs. */
export const mnistWorstOf10 = {
  ...mnistBase,
  objective: 'worst-of-k',
  candidates: 10,
  startCandidates: 4,
  epochs: 18,
} as const satisfies Partial<Recipe['settings']>;
