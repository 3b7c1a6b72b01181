import type { RandomStream } from '../random/stream.ts';

/** The norm in which a pixel perturbation is bounded. */
export type Norm = 'linf' | 'l2';

/**
 * A pixel's value brought to within ±epsilon of `pixel`, and inside [0, 1]. Training in pixels has it from here
 * (training/objectives/linf.ts), and as a graph (training/device/pixel-attack.ts).
 */
export function within(value: number, pixel: number, epsilon: number): number {
  return Math.min(1, Math.max(0, Math.min(pixel + epsilon, Math.max(pixel - epsilon, value))));
}

/**
 * Brings `perturbation` back to ‖·‖ ≤ epsilon and the perturbed image to [0, 1], in place.
 * For l2 the clipping to [0, 1] comes after the scaling: it can only shorten.
 */
export function project(perturbation: Float32Array, pixels: Float32Array, norm: Norm, epsilon: number): void {
  if (norm === 'l2') {
    const length = l2(perturbation);
    if (length > epsilon) for (let i = 0; i < perturbation.length; i++) perturbation[i] *= epsilon / length;
  }
  const reach = norm === 'linf' ? epsilon : Infinity;
  for (let i = 0; i < perturbation.length; i++) {
    perturbation[i] = within(pixels[i] + perturbation[i], pixels[i], reach) - pixels[i];
  }
}

/** Moves `perturbation` by `step` up the gradient: along its sign for linf, along its direction for l2. In place. */
export function stepUp(perturbation: Float32Array, gradient: ArrayLike<number>, norm: Norm, step: number): void {
  const length = norm === 'l2' ? l2(gradient) : 0;
  for (let i = 0; i < perturbation.length; i++) {
    if (norm === 'linf') perturbation[i] += step * Math.sign(gradient[i]);
    else if (length > 0) perturbation[i] += (step * gradient[i]) / length;
  }
}

/**
 * A uniform point of the ball of radius epsilon: each pixel for linf; for l2 a normal direction times radius · u^(1/d).
 */
export function randomPerturbation(
  length: number,
  norm: Norm,
  epsilon: number,
  stream: RandomStream,
  image: number,
  restart: number,
): Float32Array {
  const result = new Float32Array(length);
  for (let i = 0; i < length; i += 4) {
    const values =
      norm === 'linf'
        ? stream.uniform4(image, restart, i).map((u) => (2 * u - 1) * epsilon)
        : stream.normal4(image, restart, i);
    for (let j = 0; j < 4 && i + j < length; j++) result[i + j] = values[j];
  }
  if (norm === 'l2') {
    // Indices of pixels are multiples of four, so this one is free.
    const radius = epsilon * stream.uniform4(image, restart, 1)[0] ** (1 / length);
    const scale = radius / l2(result);
    for (let i = 0; i < length; i++) result[i] *= scale;
  }
  return result;
}

function l2(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}
