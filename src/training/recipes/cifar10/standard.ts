import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarStandard: Recipe = {
  name: 'cifar10/standard',
  reproduces: 'CIFAR-10, standard training with flips and crops (paper: about 93 natural, 3 grid)',
  settings: {
    ...cifarBase,
    objective: 'standard',
    crop: 4,
  },
};
