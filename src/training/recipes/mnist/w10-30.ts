import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

export const mnistW10: Recipe = {
  name: 'mnist/w10-30',
  reproduces: 'MNIST, worst of 10 transformations, 30° and 3 px',
  settings: {
    ...mnistWorstOf10,
    // Uniform draws leave the corners of the box, where the grid looks first, too rare; the wider box of w10-40 has no such need.
    draws: 'arcsine',
  },
};
