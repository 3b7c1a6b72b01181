import { perChannel, standardize, standardizedGradient } from '../standardization.ts';
import type { GradientForm } from './form.ts';

/**
 * The gradient of a batch normalisation by its input and its scale, where the statistics are the batch's:
 * BatchNormalizationGradient of x, scale and g, with the norm's epsilon.
 *
 *     dx = r · (h − mean h − x̂ · mean(h · x̂)),  h = g · scale;  dscale = Σ g · x̂
 */
export const batchNormalizationGradient: GradientForm = (s) => {
  const [x, scale, g] = s.node.inputs;
  const rank = s.rank(x);
  const others = s
    .dims(x)
    .map((_, i) => i)
    .filter((i) => i !== 1);
  const standardized = standardize(s, x, others, s.float('epsilon', 1e-5));
  return [
    standardizedGradient(s, s.mul(g, perChannel(s, scale, rank)), standardized, others),
    s.sum(s.mul(g, standardized.hat), others, false),
  ];
};
