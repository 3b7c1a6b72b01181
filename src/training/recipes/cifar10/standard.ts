import type { Recipe } from '../recipe.ts';
import { cifarBase } from './base.ts';

export const cifarStandard: Recipe = {
  name: 'cifar10/standard',
  reproduces: 'CIFAR-10, standard training with flips and crops (paper: about 93 natural, 3 grid)',
  reached:
    'natural 93.09 (n = 9,975), worst-of-10 40.70 (n = 1,000), grid 13.84 (n = 9,975), ' +
    'first-order 63.90 (n = 1,000); seed 0; 3 min of one NVIDIA H200 and 16 cores, onnxruntime-node 1.29.0, ' +
    'three runs at a time',
  settings: {
    ...cifarBase,
    objective: 'standard',
    crop: 4,
  },
};
