import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetResnet50 } from './base.ts';

export const imagenetResnet50Standard: Recipe = {
  name: 'imagenet/resnet50-standard',
  reproduces: 'ImageNet, ResNet-50, standard training (talk: 76 natural, 31 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetResnet50,
    objective: 'standard',
  },
};
