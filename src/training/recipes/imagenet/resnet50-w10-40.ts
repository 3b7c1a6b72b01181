import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetResnet50 } from './base.ts';

export const imagenetResnet50W10Wide: Recipe = {
  name: 'imagenet/resnet50-w10-40',
  reproduces: 'ImageNet, ResNet-50, worst of 10 transformations, 40° and 32 px',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetResnet50,
    objective: 'worst-of-k',
    rotation: 40,
    translation: 32,
  },
};
