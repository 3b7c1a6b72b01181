import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetRegularised: Recipe = {
  name: 'imagenet/regularised',
  reproduces:
    'ImageNet, ResNet-18, cross-entropy on both + 5 · KL(natural, worst of 10), as cifar10/robust; nobody ' +
    'published such a row',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'regularised',
    distance: 'kl',
    lambda: 5,
  },
};
