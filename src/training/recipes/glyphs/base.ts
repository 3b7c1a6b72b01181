import type { Recipe } from '../recipe.ts';

/** What the rows of the built-in data share: a small network and a run of a minute or two on two cores. */
export const glyphsBase = {
  architecture: 'plain-convnet',
  depth: 6,
  width: 16,
  epochs: 3,
  batch: 64,
  optimizer: 'adamw',
  rate: 0.005,
  decay: 0.01,
  averaging: 0.98,
  heldOut: 500,
} as const satisfies Partial<Recipe['settings']>;
