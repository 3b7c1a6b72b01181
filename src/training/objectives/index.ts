import type { TrainingSettings } from '../recipes/recipe.ts';
import { augmentation } from './augmentation.ts';
import { distilled } from './distilled.ts';
import { linf } from './linf.ts';
import type { Objective } from './objective.ts';
import { regularised } from './regularised.ts';
import { standard } from './standard.ts';
import { worstOfK } from './worst-of-k.ts';

/** The objective that the hyper-parameters ask for. */
export function objectiveOf(settings: TrainingSettings): Objective {
  const { candidates, startCandidates = candidates, steps, epsilon } = settings;
  const count = (progress: number): number =>
    Math.round(startCandidates + (candidates - startCandidates) * Math.min(1, 2 * progress));
  switch (settings.objective) {
    case 'standard':
      return standard;
    case 'augmentation':
      return augmentation;
    case 'worst-of-k':
      return worstOfK(count);
    case 'linf':
      return linf({ epsilon, steps, stepSize: settings.stepSize ?? epsilon / 4 });
    case 'regularised':
      return regularised({
        distance: settings.distance,
        lambda: settings.lambda,
        candidates: count,
        crossEntropyOn: settings.crossEntropyOn,
      });
    case 'distilled':
      return distilled({ lambda: settings.lambda, candidates: count });
  }
}
