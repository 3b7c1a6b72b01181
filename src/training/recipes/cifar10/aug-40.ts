import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarAug40: Recipe = {
  name: 'cifar10/aug-40',
  reproduces: 'CIFAR-10, one random transformation of each image, 40° and 4 px',
  reached:
    'natural 85.06 (n = 9,975), worst-of-10 71.70 (n = 1,000), grid 47.94 (n = 9,975), ' +
    'first-order 79.10 (n = 1,000); seed 0; 51 min of two cores of an AMD EPYC (Zen 4), other work beside it',
  settings: {
    ...cifarSmall,
    objective: 'augmentation',
    rotation: 40,
    translation: 4,
  },
};
