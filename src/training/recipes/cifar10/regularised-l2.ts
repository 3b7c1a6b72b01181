import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarRegularisedL2: Recipe = {
  name: 'cifar10/regularised-l2',
  reproduces: 'CIFAR-10, cross-entropy on both + λ · squared l2(natural, worst of 10) (Yang et al., λ 1)',
  reached:
    'natural 75.45 (n = 9,975), worst-of-10 67.20 (n = 1,000), grid 59.82 (n = 9,975), ' +
    'first-order 71.10 (n = 1,000); seed 0; 77 min of one thread of an Intel Xeon at 2.6 GHz (AVX-512, AMX), ' +
    'other work beside it',
  settings: {
    ...cifarSmall,
    objective: 'regularised',
    distance: 'l2',
    lambda: 1,
  },
};
