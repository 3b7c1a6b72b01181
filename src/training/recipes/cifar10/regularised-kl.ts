import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarRegularisedKl: Recipe = {
  name: 'cifar10/regularised-kl',
  reproduces: 'CIFAR-10, cross-entropy on both + λ · KL(natural, worst of 10) (Yang et al., λ 8)',
  settings: {
    ...cifarSmall,
    objective: 'regularised',
    distance: 'kl',
    lambda: 8,
  },
};
