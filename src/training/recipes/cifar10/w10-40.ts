import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarW10Wide: Recipe = {
  name: 'cifar10/w10-40',
  reproduces: 'CIFAR-10, worst of 10 transformations, 40° and 4 px',
  settings: {
    ...cifarSmall,
    objective: 'worst-of-k',
    rotation: 40,
    translation: 4,
  },
};
