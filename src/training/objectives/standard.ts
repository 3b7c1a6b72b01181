import type { Objective } from './objective.ts';
import { pack } from './pack.ts';
import { meanTargets } from './targets.ts';

/** Mean cross-entropy of the images as they are. */
export const standard: Objective = {
  rowsPerImage: 1,
  needsGradients: false,
  plan: { natural: true },
  targets: meanTargets,
  async prepare({ images, labels }, context) {
    return { rows: images.length, images: pack(images), targets: meanTargets(labels, context) };
  },
};
