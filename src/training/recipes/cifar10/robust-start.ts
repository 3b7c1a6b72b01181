import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobustStart: Recipe = {
  name: 'cifar10/robust-start',
  reproduces: 'CIFAR-10, the long first stage of cifar10/robust: cross-entropy on both + 3 · KL(natural, one random transformation)',
  settings: {
    ...cifarBase,
    width: 48,
    epochs: 12,
    objective: 'regularised',
    distance: 'kl',
    lambda: 3,
    candidates: 1,
    storage: 'float16',
  },
};
