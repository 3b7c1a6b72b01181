import type { Recipe } from '../recipe.ts';
import { cifarRobustStart } from './robust-start.ts';

export const cifarRobust: Recipe = {
  name: 'cifar10/robust',
  reproduces: 'CIFAR-10, the most robust: from cifar10/robust-start, cross-entropy on both + 3 · KL(natural, worst of 4) at lower rates',
  start: cifarRobustStart.name,
  settings: {
    ...cifarRobustStart.settings,
    epochs: 4,
    rate: 0.1,
    warmup: 0,
    candidates: 4,
  },
};
