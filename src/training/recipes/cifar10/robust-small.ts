import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobustSmall: Recipe = {
  name: 'cifar10/robust-small',
  reproduces: 'CIFAR-10, robust in little time on a CPU: cross-entropy on both + 2 · KL(natural, one random transformation), half a million parameters',
  settings: {
    ...cifarBase,
    architecture: 'whitened-convnet',
    depth: 8,
    width: 32,
    epochs: 5,
    batch: 128,
    rate: 0.2,
    averaging: 0.995,
    objective: 'regularised',
    distance: 'kl',
    lambda: 2,
    candidates: 1,
  },
};
