import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarRegularisedL2: Recipe = {
  name: 'cifar10/regularised-l2',
  reproduces: 'CIFAR-10, cross-entropy on both + λ · squared l2(natural, worst of 10) (Yang et al., λ 1)',
  settings: {
    ...cifarBase,
    epochs: 8,
    objective: 'regularised',
    distance: 'l2',
    lambda: 1,
  },
};
