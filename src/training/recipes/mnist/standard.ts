import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistStandard: Recipe = {
  name: 'mnist/standard',
  reproduces: 'MNIST, standard training (paper: 99.31 natural, about 26 grid)',
  reached:
    'natural 99.38 (n = 10,000), worst-of-10 79.48 (n = 10,000), grid 44.00 (n = 10,000), ' +
    'first-order 90.06 (n = 10,000); seed 0; 14 min of two cores of an Intel Xeon (AVX-512) virtual server, ' +
    'other work beside it',
  settings: {
    ...mnistBase,
    objective: 'standard',
  },
};
