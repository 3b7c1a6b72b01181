import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

export const mnistW10: Recipe = {
  name: 'mnist/w10-30',
  reproduces: 'MNIST, worst of 10 transformations, 30° and 3 px',
  reached:
    'natural 99.61 (n = 10,000), worst-of-10 98.98 (n = 10,000), grid 97.46 (n = 10,000), ' +
    'first-order 99.24 (n = 10,000); seed 0; 47 min of one thread of an Intel Xeon at 2.5 GHz, ' +
    'other work beside it',
  settings: {
    ...mnistWorstOf10,
    epochs: 30,
  },
};
