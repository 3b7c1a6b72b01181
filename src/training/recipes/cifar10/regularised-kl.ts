import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarRegularisedKl: Recipe = {
  name: 'cifar10/regularised-kl',
  reproduces: 'CIFAR-10, cross-entropy on both + λ · KL(natural, worst of 10) (Yang et al., λ 8)',
  reached:
    'natural 78.42 (n = 9,975), worst-of-10 70.90 (n = 1,000), grid 62.35 (n = 9,975), ' +
    'first-order 73.80 (n = 1,000); seed 0; 2 min of one NVIDIA H200 and 16 cores, onnxruntime-node 1.29.0, ' +
    'three runs at a time',
  settings: {
    ...cifarSmall,
    objective: 'regularised',
    distance: 'kl',
    lambda: 8,
  },
};
