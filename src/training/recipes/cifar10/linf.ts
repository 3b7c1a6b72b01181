import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarLinf: Recipe = {
  name: 'cifar10/linf',
  reproduces: 'CIFAR-10, adversarial training in pixels, l∞ up to 8/255',
  reached:
    'natural 71.52 (n = 9,975), worst-of-10 21.80 (n = 1,000), grid 6.57 (n = 9,975), ' +
    'first-order 23.60 (n = 1,000); seed 0; 2 min of one NVIDIA H200 and 16 cores, onnxruntime-node 1.29.0, ' +
    'three runs at a time',
  settings: {
    ...cifarSmall,
    epochs: 8,
    objective: 'linf',
    epsilon: 8 / 255,
    steps: 5,
    stepSize: 2 / 255,
  },
};
