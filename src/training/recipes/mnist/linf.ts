import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistLinf: Recipe = {
  name: 'mnist/linf',
  reproduces: 'MNIST, adversarial training in pixels, l∞ up to 0.3',
  reached: 'natural 98.86, worst-of-10 66.48, grid 24.38, first-order 81.69 on all 10,000 test images; seed 0; 17 min of one thread on a shared Intel Xeon',
  settings: {
    ...mnistBase,
    objective: 'linf',
    epsilon: 0.3,
    steps: 7,
    stepSize: 0.1,
    epochs: 5,
  },
};
