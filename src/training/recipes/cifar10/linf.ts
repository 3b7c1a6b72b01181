import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarLinf: Recipe = {
  name: 'cifar10/linf',
  reproduces: 'CIFAR-10, adversarial training in pixels, l∞ up to 8/255',
  settings: {
    ...cifarSmall,
    epochs: 8,
    objective: 'linf',
    epsilon: 8 / 255,
    steps: 5,
    stepSize: 2 / 255,
  },
};
