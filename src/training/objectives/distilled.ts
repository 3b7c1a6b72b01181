import { softmax } from '../../statistics/softmax.ts';
import { byDivergence, candidatesOver, transformAll, worstOf } from './candidates.ts';
import { defineObjective, type Objective } from './objective.ts';
import { pack } from './pack.ts';
import { meanTargets } from './targets.ts';

interface DistilledOptions {
  /** Weight of the transformed images beside the images as they are. */
  readonly lambda: number;
  /** k at a given share of the run. */
  readonly candidates: (progress: number) => number;
}

/**
 * Hardening without labels: KL(teacher(x) ‖ student(x)) + λ · KL(teacher(x) ‖ student(T x)), teacher = the network as
 * the run began with it, T = the worst of k random transformations by that distance. The entropies of the teacher's
 * answers, which the student cannot change, are part of the loss that is reported: it is the cross-entropy against the
 * teacher's probabilities.
 */
export function distilled({ lambda, candidates }: DistilledOptions): Objective {
  return {
    rowsPerImage: 2,
    needsGradients: false,
    targets: meanTargets,
    async prepare(batch, context) {
      const { images } = batch;
      const { classes } = context;
      const natural = pack(images);
      const answers = await (await context.teacher()).logits(natural, images.length);
      const worst = await worstOf(candidates(context.progress), batch, context, byDivergence(answers, classes));
      const probabilities = softmax(answers, classes, new Float32Array(answers.length));
      const weighted = (weight: number): Float32Array => probabilities.map((p) => (p * weight) / images.length);
      return {
        rows: 2 * images.length,
        images: pack([natural, transformAll(batch, worst, context.warp)]),
        targets: pack([weighted(1), weighted(lambda)]),
      };
    },
  };
}

export const DISTILLED = defineObjective({
  name: 'distilled',
  against: 'transformations',
  taught: true,
  create: (settings) => distilled({ lambda: settings.lambda, candidates: candidatesOver(settings) }),
});
