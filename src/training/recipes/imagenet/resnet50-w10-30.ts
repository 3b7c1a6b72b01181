import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetResnet50 } from './base.ts';

export const imagenetResnet50W10: Recipe = {
  name: 'imagenet/resnet50-w10-30',
  reproduces: 'ImageNet, ResNet-50, worst of 10 transformations, 30° and 24 px (talk: 53 grid)',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetResnet50,
    objective: 'worst-of-k',
  },
};
