import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarAug40: Recipe = {
  name: 'cifar10/aug-40',
  reproduces: 'CIFAR-10, one random transformation of each image, 40° and 4 px',
  settings: {
    ...cifarSmall,
    objective: 'augmentation',
    rotation: 40,
    translation: 4,
  },
};
