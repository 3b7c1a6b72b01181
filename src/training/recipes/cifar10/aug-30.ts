import type { Recipe } from '../recipe.ts';
import { cifarSmall } from './base.ts';

export const cifarAug30: Recipe = {
  name: 'cifar10/aug-30',
  reproduces: 'CIFAR-10, one random transformation of each image, 30° and 3 px',
  reached:
    'natural 86.71 (n = 9,975), worst-of-10 69.50 (n = 1,000), grid 43.26 (n = 9,975), ' +
    'first-order 77.90 (n = 1,000); seed 0; 1 min of one NVIDIA H200 and 16 cores, onnxruntime-node 1.29.0, ' +
    'three runs at a time',
  settings: {
    ...cifarSmall,
    objective: 'augmentation',
  },
};
