import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarW10: Recipe = {
  name: 'cifar10/w10-30',
  reproduces: 'CIFAR-10, worst of 10 transformations, 30° and 3 px (paper: 71 grid)',
  reached:
    'natural 92.15 (n = 9,975), worst-of-10 85.30 (n = 1,000), grid 71.19 (n = 9,975), ' +
    'first-order 87.60 (n = 1,000); seed 0; 4 min of one NVIDIA H200 and 16 cores, onnxruntime-node 1.29.0, ' +
    'three runs at a time',
  settings: {
    ...cifarBase,
    epochs: 24,
    objective: 'worst-of-k',
  },
};
