import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetBase } from './base.ts';

export const imagenetStandard: Recipe = {
  name: 'imagenet/standard',
  reproduces: 'ImageNet, ResNet-18, standard training (re-release: 71.3 natural, 20.9 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetBase,
    objective: 'standard',
  },
};
