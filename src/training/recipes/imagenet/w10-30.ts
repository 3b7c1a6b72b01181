import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetW10: Recipe = {
  name: 'imagenet/w10-30',
  reproduces: 'ImageNet, ResNet-18, worst of 10 transformations, 30° and 24 px (re-release: 69.1 natural, 48.1 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'worst-of-k',
  },
};
