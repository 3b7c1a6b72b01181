import type { Objective } from './objective.ts';
import { pack } from './pack.ts';
import { softTargets } from './targets.ts';

/** Mean cross-entropy of the images as they are. */
export const standard: Objective = {
  needsGradients: false,
  async prepare({ images, labels }, { classes, smoothing }) {
    return { rows: images.length, images: pack(images), targets: softTargets(labels, classes, smoothing, 1 / images.length) };
  },
};
