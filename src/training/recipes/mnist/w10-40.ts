import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

export const mnistW10Wide: Recipe = {
  name: 'mnist/w10-40',
  reproduces: 'MNIST, worst of 10 transformations, 40° and 4 px',
  reached:
    'natural 99.45 (n = 10,000), worst-of-10 98.88 (n = 10,000), grid 97.52 (n = 10,000), ' +
    'first-order 99.04 (n = 10,000); seed 0; 40 min of two cores of an Intel Xeon (AVX-512) virtual server, ' +
    'other work beside it',
  settings: {
    ...mnistWorstOf10,
    rotation: 40,
    translation: 4,
  },
};
