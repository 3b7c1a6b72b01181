import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistAug30: Recipe = {
  name: 'mnist/aug-30',
  reproduces: 'MNIST, one random transformation of each image, 30° and 3 px',
  settings: {
    ...mnistBase,
    objective: 'augmentation',
  },
};
