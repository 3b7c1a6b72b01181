import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRobustSmall: Recipe = {
  name: 'cifar10/robust-small',
  reproduces: 'CIFAR-10, robust in little time on a CPU: cross-entropy on both + 2 · KL(natural, one random transformation), half a million parameters',
  settings: {
    ...cifarBase,
    epochs: 5,
    objective: 'regularised',
    distance: 'kl',
    lambda: 2,
    candidates: 1,
  },
};
