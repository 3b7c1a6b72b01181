import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarNoCrop: Recipe = {
  name: 'cifar10/no-crop',
  reproduces: 'CIFAR-10, standard training without random crops',
  reached:
    'natural 89.74 (n = 9,975), worst-of-10 28.90 (n = 1,000), grid 5.85 (n = 9,975), ' +
    'first-order 54.30 (n = 1,000); seed 0; 29 min of two cores of an AMD EPYC (Zen 4), other work beside it',
  settings: {
    ...cifarSmall,
    objective: 'standard',
    crop: 0,
  },
};
