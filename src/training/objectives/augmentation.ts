import { transformAll } from './candidates.ts';
import { defineObjective, type Objective } from './objective.ts';
import { meanTargets } from './targets.ts';

/** Mean cross-entropy of one random transformation of each image ("Aug 30", "Aug 40"). */
const augmentation: Objective = {
  rowsPerImage: 1,
  needsGradients: false,
  plan: { natural: false, candidates: () => 1 },
  targets: meanTargets,
  async prepare(batch, context) {
    const { labels, indices } = batch;
    return {
      rows: labels.length,
      images: transformAll(
        batch,
        indices.map((index) => context.draw(index, 0)),
        context.warp,
      ),
      targets: meanTargets(labels, context),
    };
  },
};

export const AUGMENTATION = defineObjective({
  name: 'augmentation',
  against: 'transformations',
  create: () => augmentation,
});
