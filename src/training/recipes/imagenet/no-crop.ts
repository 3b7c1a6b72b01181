import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetNoCrop: Recipe = {
  name: 'imagenet/no-crop',
  reproduces: 'ImageNet, ResNet-18, standard training without random parts (re-release: 65.4 natural, 11.8 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'standard',
    resizedCrop: undefined,
  },
};
