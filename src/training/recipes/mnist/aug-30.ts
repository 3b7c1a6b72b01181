import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistAug30: Recipe = {
  name: 'mnist/aug-30',
  reproduces: 'MNIST, one random transformation of each image, 30° and 3 px',
  reached:
    'natural 99.45 (n = 10,000), worst-of-10 97.90 (n = 10,000), grid 93.75 (n = 10,000), ' +
    'first-order 98.53 (n = 10,000); seed 0; 10 min of two cores of an Intel Xeon (AVX-512) virtual server, ' +
    'other work beside it',
  settings: {
    ...mnistBase,
    objective: 'augmentation',
  },
};
