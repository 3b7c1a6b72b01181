import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistAug40: Recipe = {
  name: 'mnist/aug-40',
  reproduces: 'MNIST, one random transformation of each image, 40° and 4 px',
  settings: {
    ...mnistBase,
    objective: 'augmentation',
    rotation: 40,
    translation: 4,
  },
};
