import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistAug40: Recipe = {
  name: 'mnist/aug-40',
  reproduces: 'MNIST, one random transformation of each image, 40° and 4 px',
  reached:
    'natural 99.30 (n = 10,000), worst-of-10 98.18 (n = 10,000), grid 95.44 (n = 10,000), ' +
    'first-order 98.54 (n = 10,000); seed 0; 10 min of two cores of an Intel Xeon (AVX-512) virtual server, ' +
    'other work beside it',
  settings: {
    ...mnistBase,
    objective: 'augmentation',
    rotation: 40,
    translation: 4,
  },
};
