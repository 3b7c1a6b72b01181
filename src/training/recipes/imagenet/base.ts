import type { Recipe } from '../recipe.ts';

const EPOCHS = 110;

/**
 * What the ImageNet rows share: ResNet-18 as the authors trained it anew (github.com/MadryLab/spatial-pytorch: README,
 * `robustness/defaults.py` and `data_augmentation.py`). SGD with plain momentum, weight decay 1e-4, rate 0.1 divided by
 * ten at epochs 30, 60, 85, 95 and 105 of 110; random parts of the images, mirrored, with changed colours and light.
 * There weights of norms decay too, and each of eight GPUs normalises its own part of the batch.
 */
export const imagenetBase = {
  architecture: 'imagenet-resnet',
  depth: 18,
  width: 64,
  epochs: EPOCHS,
  batch: 256,
  rate: 0.1,
  nesterov: false,
  decay: 1e-4,
  schedule: 'step',
  warmup: 0,
  milestones: [30, 60, 85, 95, 105].map((epoch) => epoch / EPOCHS),
  resizedCrop: 0.08,
  flip: true,
  jitter: 0.1,
  lighting: 0.05,
  rotation: 30,
  translation: 24,
} satisfies Partial<Recipe['settings']>;

/** The paper's network, trained in the same way but for Nesterov momentum, which that code had. */
export const imagenetResnet50 = { ...imagenetBase, depth: 50, nesterov: true } satisfies Partial<Recipe['settings']>;

/** The images' side in pixels, and how they come to it where no random part is taken. */
export const IMAGENET_IMAGES = { side: 224, geometry: { resize: 256, crop: 224 } } satisfies Partial<Recipe>;
