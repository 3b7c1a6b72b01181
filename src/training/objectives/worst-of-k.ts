import { byCrossEntropy, candidatesOver, transformAll, worstOf } from './candidates.ts';
import { defineObjective, type Objective } from './objective.ts';
import { meanTargets } from './targets.ts';

/**
 * Robust optimisation ("W-10"): mean cross-entropy of the worst of k random transformations of each image.
 * @param candidates k at a given share of the run
 */
function worstOfK(candidates: (progress: number) => number): Objective {
  return {
    rowsPerImage: 1,
    needsGradients: false,
    plan: { natural: false, candidates },
    targets: meanTargets,
    async prepare(batch, context) {
      const { labels } = batch;
      const worst = await worstOf(
        candidates(context.progress),
        batch,
        context,
        byCrossEntropy(labels, context.classes),
      );
      return {
        rows: labels.length,
        images: transformAll(batch, worst, context.warp),
        targets: meanTargets(labels, context),
      };
    },
  };
}

export const WORST_OF_K = defineObjective({
  name: 'worst-of-k',
  against: 'transformations',
  create: (settings) => worstOfK(candidatesOver(settings)),
});
