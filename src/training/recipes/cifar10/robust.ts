import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobust: Recipe = {
  name: 'cifar10/robust',
  reproduces: 'CIFAR-10, the most robust: cross-entropy on both + 5 · KL(natural, worst of 10), widths 96, 384, 384',
  settings: {
    ...cifarBase,
    width: 96,
    epochs: 38,
    crop: 2,
    objective: 'regularised',
    distance: 'kl',
    lambda: 5,
  },
};
