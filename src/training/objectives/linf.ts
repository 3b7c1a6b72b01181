import { within } from '../../attacks/perturbation.ts';
import { pack } from './pack.ts';
import { defineObjective, type Objective, type ObjectiveContext, type PixelAttack } from './objective.ts';
import { meanTargets, softTargets } from './targets.ts';

/**
 * Adversarial training in pixels (Madry et al., 2018): from a uniform random start within ±epsilon, `steps` ascents of
 * the cross-entropy by the sign of its gradient, kept within ±epsilon of the image and inside [0, 1]; no
 * transformation.
 */
export function linf(attack: PixelAttack): Objective {
  const { epsilon, steps } = attack;
  return {
    rowsPerImage: 1,
    needsGradients: true,
    plan: { natural: true, pixelAttack: attack },
    targets: meanTargets,
    async prepare(batch, context) {
      const { images, labels, indices } = batch;
      const original = pack(images);
      const size = images[0].length;
      const hard = softTargets(labels, context.classes, 0, 1);
      const model = await context.frozen();
      const x = randomStart(original, size, indices, epsilon, context.noise);
      for (let step = 0; step < steps; step++) {
        const { byInput } = await model.gradients(x, hard, images.length);
        stepWithin(attack, original, byInput, x);
      }
      return { rows: images.length, images: x, targets: meanTargets(labels, context) };
    },
  };
}

export const LINF = defineObjective({
  name: 'linf',
  against: 'pixel noise',
  create: ({ epsilon, steps, stepSize = epsilon / 4 }) => linf({ epsilon, steps, stepSize }),
});

/**
 * One step of `x` up the gradient, kept within ±epsilon of the images and inside [0, 1]. In place.
 *
 * The bounds are those of an attack (attacks/perturbation.ts). Its step moves a perturbation instead, which a search
 * keeps in float32 and sees through a transformation. As a graph (device/pixel-attack.ts) the step takes 12 ms for 128
 * images of 32 px on a CPU, so 20 ms (`npm run bench -- forms`, busy machine). Both round once more to float32: with
 * either, the weights of a training on the CPU would be others in the last bit.
 */
export function stepWithin(
  { epsilon, stepSize }: PixelAttack,
  images: Float32Array,
  gradient: Float32Array,
  x: Float32Array,
): void {
  for (let i = 0; i < x.length; i++) {
    x[i] = within(x[i] + stepSize * Math.sign(gradient[i]), images[i], epsilon);
  }
}

/** A uniform random point within ±epsilon of each image and inside [0, 1]: [images, size]. */
export function randomStart(
  images: Float32Array,
  size: number,
  indices: readonly number[],
  epsilon: number,
  noise: ObjectiveContext['noise'],
): Float32Array {
  const start = new Float32Array(images.length);
  indices.forEach((index, image) => {
    for (let block = 0; 4 * block < size; block++) {
      const draws = noise(index, block);
      for (let j = 0; j < 4 && 4 * block + j < size; j++) {
        const i = image * size + 4 * block + j;
        start[i] = within(images[i] + epsilon * (2 * draws[j] - 1), images[i], epsilon);
      }
    }
  });
  return start;
}
