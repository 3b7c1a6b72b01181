import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarRegularisedL2: Recipe = {
  name: 'cifar10/regularised-l2',
  reproduces: 'CIFAR-10, cross-entropy on both + λ · squared l2(natural, worst of 10) (Yang et al., λ 1)',
  settings: {
    ...cifarSmall,
    objective: 'regularised',
    distance: 'l2',
    lambda: 1,
  },
};
