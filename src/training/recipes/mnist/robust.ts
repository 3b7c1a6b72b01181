import type { Recipe } from '../recipe.ts';
import { mnistWorstOf10 } from './base.ts';

/** Four times the parameters of `w10-40`, in larger steps, with k from 2 on. */
export const mnistRobust: Recipe = {
  name: 'mnist/robust',
  reproduces: 'MNIST, the most robust: worst of 10 transformations, 40° and 4 px, a wider network',
  settings: {
    ...mnistWorstOf10,
    architecture: 'whitened-convnet',
    depth: 8,
    width: 24,
    epochs: 16,
    rotation: 40,
    translation: 4,
    startCandidates: 2,
    optimizer: 'sgd',
    rate: 0.2,
    decay: 5e-4,
  },
};
