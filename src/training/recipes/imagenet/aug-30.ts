import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetAug30: Recipe = {
  name: 'imagenet/aug-30',
  reproduces:
    'ImageNet, ResNet-18, one random transformation of each image, 30° and 24 px (re-release: 68.9 natural, 38.1 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'augmentation',
  },
};
