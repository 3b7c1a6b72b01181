import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobustStart: Recipe = {
  name: 'cifar10/robust-start',
  reproduces: 'CIFAR-10, the long first stage of cifar10/robust: cross-entropy on both + 5 · KL(natural, worst of 10) at high rates',
  settings: {
    ...cifarBase,
    width: 48,
    epochs: 36,
    objective: 'regularised',
    distance: 'kl',
    lambda: 5,
    candidates: 10,
    storage: 'float16',
  },
};
