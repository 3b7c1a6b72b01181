import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarAug30: Recipe = {
  name: 'cifar10/aug-30',
  reproduces: 'CIFAR-10, one random transformation of each image, 30° and 3 px',
  settings: {
    ...cifarSmall,
    objective: 'augmentation',
  },
};
