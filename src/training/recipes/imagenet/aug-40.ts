import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetAug40: Recipe = {
  name: 'imagenet/aug-40',
  reproduces:
    'ImageNet, ResNet-18, one random transformation of each image, 40° and 32 px (re-release: 68.3 natural, 38.8 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'augmentation',
    rotation: 40,
    translation: 32,
  },
};
