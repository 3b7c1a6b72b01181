import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarAug30: Recipe = {
  name: 'cifar10/aug-30',
  reproduces: 'CIFAR-10, one random transformation of each image, 30° and 3 px',
  settings: {
    ...cifarBase,
    epochs: 8,
    objective: 'augmentation',
  },
};
