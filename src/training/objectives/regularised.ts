import { byCrossEntropy, candidatesOver, transformAll, worstOf } from './candidates.ts';
import { defineObjective, type Objective } from './objective.ts';
import { pack } from './pack.ts';
import type { PairTerm } from '../step/step-graph.ts';
import { softTargets } from './targets.ts';

interface RegularisedOptions extends PairTerm {
  /** k at a given share of the run. */
  readonly candidates: (progress: number) => number;
  /** Images of which the cross-entropy is taken. */
  readonly crossEntropyOn: 'natural' | 'both';
}

/**
 * Regularised training (Yang, Wang and Heinze-Deml, 2019): cross-entropy plus λ times the distance between the scores
 * of each image and of its transformed copy. The copy is the worst of k by cross-entropy.
 */
function regularised(options: RegularisedOptions): Objective {
  const { distance, lambda, crossEntropyOn } = options;
  const targets: Objective['targets'] = (labels, { classes, smoothing }) => {
    const [natural, transformed] = crossEntropyOn === 'both' ? [0.5, 0.5] : [1, 0];
    const weighted = (share: number): Float32Array => softTargets(labels, classes, smoothing, share / labels.length);
    return pack([weighted(natural), weighted(transformed)]);
  };
  return {
    pair: { distance, lambda },
    rowsPerImage: 2,
    needsGradients: false,
    plan: { natural: true, candidates: options.candidates },
    targets,
    async prepare(batch, context) {
      const { images, labels } = batch;
      const { classes } = context;
      const count = options.candidates(context.progress);
      const natural = pack(images);
      const worst = await worstOf(count, batch, context, byCrossEntropy(labels, classes));
      return {
        rows: 2 * images.length,
        images: pack([natural, transformAll(batch, worst, context.warp)]),
        targets: targets(labels, context),
      };
    },
  };
}

export const REGULARISED = defineObjective({
  name: 'regularised',
  against: 'transformations',
  create: (settings) => regularised({ ...settings, candidates: candidatesOver(settings) }),
});
