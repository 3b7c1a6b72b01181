import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistLinf: Recipe = {
  name: 'mnist/linf',
  reproduces: 'MNIST, adversarial training in pixels, l∞ up to 0.3',
  reached:
    'natural 98.86 (n = 10,000), worst-of-10 66.48 (n = 10,000), grid 24.38 (n = 10,000), ' +
    'first-order 81.69 (n = 10,000); seed 0; 17 min of one thread of an Intel Xeon at 2.5 GHz, ' +
    'other work beside it',
  settings: {
    ...mnistBase,
    objective: 'linf',
    epsilon: 0.3,
    steps: 7,
    stepSize: 0.1,
    epochs: 5,
  },
};
