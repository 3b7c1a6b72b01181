import type { Recipe } from '../recipe.ts';
import { cifarRobustStart } from './robust-start.ts';

export const cifarRobust: Recipe = {
  name: 'cifar10/robust',
  reproduces: 'CIFAR-10, the most robust: from cifar10/robust-start, cross-entropy on both + 3 · KL(natural, worst of 2) while the rate falls to nothing',
  start: cifarRobustStart.name,
  settings: {
    ...cifarRobustStart.settings,
    epochs: 2,
    batch: 128,
    rate: 0.04,
    warmup: 0,
    lambda: 3,
    candidates: 2,
  },
};
