import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobust: Recipe = {
  name: 'cifar10/robust',
  reproduces: 'CIFAR-10, the most robust: cross-entropy on both + 5 · KL(natural, worst of 4), a wider network trained longer',
  settings: {
    ...cifarBase,
    width: 48,
    epochs: 40,
    objective: 'regularised',
    distance: 'kl',
    lambda: 5,
    candidates: 4,
    storage: 'float16',
  },
};
