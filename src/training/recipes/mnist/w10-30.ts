import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

export const mnistW10: Recipe = {
  name: 'mnist/w10-30',
  reproduces: 'MNIST, worst of 10 transformations, 30° and 3 px, drawn towards these limits (the paper: uniformly)',
  reached: 'natural 99.51, worst-of-10 98.90, grid 97.47 on all 10,000 test images; seed 0; 29 min of one thread on a shared Intel Xeon',
  settings: {
    ...mnistWorstOf10,
    // Not the paper's uniform draws; no gain was seen from it: either way 962 of the first 1,000 test images withstand the grid.
    draws: 'arcsine',
  },
};
