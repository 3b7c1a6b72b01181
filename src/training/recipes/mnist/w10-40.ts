import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

export const mnistW10Wide: Recipe = {
  name: 'mnist/w10-40',
  reproduces: 'MNIST, worst of 10 transformations, 40° and 4 px',
  settings: {
    ...mnistWorstOf10,
    rotation: 40,
    translation: 4,
  },
};
