import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRegularisedFast: Recipe = {
  name: 'cifar10/regularised-fast',
  reproduces: 'CIFAR-10, cross-entropy on both + 2 · KL(natural, one random transformation): robustness for little compute',
  settings: {
    ...cifarBase,
    objective: 'regularised',
    distance: 'kl',
    lambda: 2,
    candidates: 1,
  },
};
