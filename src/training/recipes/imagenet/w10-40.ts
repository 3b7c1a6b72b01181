import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetW10Wide: Recipe = {
  name: 'imagenet/w10-40',
  reproduces: 'ImageNet, ResNet-18, worst of 10 transformations, 40° and 32 px (re-release: 68.6 natural, 48.4 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'worst-of-k',
    rotation: 40,
    translation: 32,
  },
};
