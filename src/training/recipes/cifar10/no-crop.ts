import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarNoCrop: Recipe = {
  name: 'cifar10/no-crop',
  reproduces: 'CIFAR-10, standard training without random crops',
  settings: {
    ...cifarSmall,
    objective: 'standard',
    crop: 0,
  },
};
