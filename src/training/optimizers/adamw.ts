import type { Optimizer } from './optimizer.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter, 2019):
 *   p ← p · (1 − rate · decay);  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
 *   p ← p − rate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), t counted from 1.
 */
export function adamw(): Optimizer {
  return {
    memories: 2,
    update(parameters, gradient, [first, second], step, rate, ranges) {
      const correction1 = 1 - BETA1 ** (step + 1);
      const correction2 = 1 - BETA2 ** (step + 1);
      for (const { start, end, decay } of ranges) {
        for (let i = start; i < end; i++) {
          const g = gradient[i];
          const m = BETA1 * first[i] + (1 - BETA1) * g;
          const v = BETA2 * second[i] + (1 - BETA2) * g * g;
          first[i] = m;
          second[i] = v;
          parameters[i] = parameters[i] * (1 - rate * decay) - (rate * (m / correction1)) / (Math.sqrt(v / correction2) + EPSILON);
        }
      }
    },
  };
}
