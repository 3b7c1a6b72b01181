import type { Recipe } from '../recipe.ts';
import { mnistBase } from './base.ts';

export const mnistLinf: Recipe = {
  name: 'mnist/linf',
  reproduces: 'MNIST, adversarial training in pixels, l∞ up to 0.3',
  settings: {
    ...mnistBase,
    objective: 'linf',
    epsilon: 0.3,
    steps: 7,
    stepSize: 0.1,
    epochs: 5,
  },
};
