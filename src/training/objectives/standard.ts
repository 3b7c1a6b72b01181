import { defineObjective, type Objective } from './objective.ts';
import { pack } from './pack.ts';
import { meanTargets } from './targets.ts';

/** Mean cross-entropy of the images as they are. */
const standard: Objective = {
  rowsPerImage: 1,
  needsGradients: false,
  plan: { natural: true },
  targets: meanTargets,
  async prepare({ images, labels }, context) {
    return { rows: images.length, images: pack(images), targets: meanTargets(labels, context) };
  },
};

export const STANDARD = defineObjective({ name: 'standard', against: 'nothing', create: () => standard });
