import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarLinf: Recipe = {
  name: 'cifar10/linf',
  reproduces: 'CIFAR-10, adversarial training in pixels, l∞ up to 8/255',
  settings: {
    ...cifarBase,
    epochs: 5,
    objective: 'linf',
    epsilon: 8 / 255,
    steps: 5,
    stepSize: 2 / 255,
  },
};
