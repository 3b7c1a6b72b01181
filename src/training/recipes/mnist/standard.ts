import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistStandard: Recipe = {
  name: 'mnist/standard',
  reproduces: 'MNIST, standard training (paper: 99.31 natural, about 26 grid)',
  settings: {
    ...mnistBase,
    objective: 'standard',
  },
};
