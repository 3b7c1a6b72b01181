import type { Recipe } from '../recipe.ts';
import { IMAGENET_IMAGES, imagenetResnet50 } from './base.ts';

export const imagenetResnet50Regularised: Recipe = {
  name: 'imagenet/resnet50-regularised',
  reproduces: 'ImageNet, ResNet-50, cross-entropy on both + 5 · KL(natural, worst of 10), as cifar10/robust',
  ...IMAGENET_IMAGES,
  settings: {
    ...imagenetResnet50,
    objective: 'regularised',
    distance: 'kl',
    lambda: 5,
  },
};
