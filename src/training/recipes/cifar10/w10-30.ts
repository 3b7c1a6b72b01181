import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarW10: Recipe = {
  name: 'cifar10/w10-30',
  reproduces: 'CIFAR-10, worst of 10 transformations, 30° and 3 px (paper: 71 grid)',
  settings: {
    ...cifarBase,
    epochs: 24,
    objective: 'worst-of-k',
  },
};
