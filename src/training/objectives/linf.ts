import { pack } from './pack.ts';
import type { Objective } from './objective.ts';
import { meanTargets, softTargets } from './targets.ts';

/**
 * Adversarial training in pixels (Madry et al., 2018): from a uniform random start within ±epsilon, `steps` ascents of the
 * cross-entropy by the sign of its gradient, kept within ±epsilon of the image and inside [0, 1]; no transformation.
 */
export function linf(options: { epsilon: number; steps: number; stepSize: number }): Objective {
  const { epsilon, steps, stepSize } = options;
  return {
    needsGradients: true,
    targets: meanTargets,
    async prepare(batch, context) {
      const { images, labels, indices } = batch;
      const original = pack(images);
      const size = images[0].length;
      const hard = softTargets(labels, context.classes, 0, 1);
      const model = await context.frozen();
      const x = original.map((value, i) => {
        const pixel = i % size;
        const u = context.noise(indices[(i - pixel) / size], pixel >> 2)[pixel & 3];
        return clip(value + epsilon * (2 * u - 1), 0, 1);
      });
      for (let step = 0; step < steps; step++) {
        const { byInput } = await model.gradients(x, hard, images.length);
        for (let i = 0; i < x.length; i++) {
          const moved = clip(x[i] + stepSize * Math.sign(byInput[i]), original[i] - epsilon, original[i] + epsilon);
          x[i] = clip(moved, 0, 1);
        }
      }
      return { rows: images.length, images: x, targets: meanTargets(labels, context) };
    },
  };
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
