import type { ColourChange } from '../../data/edit.ts';
import type { RandomStream } from '../../random/stream.ts';

const KINDS: readonly ColourChange['kind'][] = ['brightness', 'contrast', 'saturation'];

/**
 * Brightness, contrast and saturation, each by a factor uniform in [1 − jitter, 1 + jitter] and in any order, as drawn
 * for (index, epoch). torchvision's ColorJitter, with draws of our own.
 */
export function drawColourJitter(jitter: number, stream: RandomStream, index: number, epoch: number): ColourChange[] {
  if (jitter === 0) return [];
  const [order, ...factors] = stream.uniform4(index, 0, epoch);
  const changes = KINDS.map((kind, i) => ({ kind, factor: 1 + jitter * (2 * factors[i] - 1) }));
  // Six orders: one of three comes first, one of the other two next.
  const [first] = changes.splice(Math.floor(3 * order), 1);
  const turned = Math.floor(6 * order) % 2 === 1;
  return [first, ...(turned ? changes.reverse() : changes)];
}

/** Deviations of ImageNet's colours along their principal axes, and these axes: columns by red, green, blue. */
const DEVIATIONS = [0.2175, 0.0188, 0.0045];
const AXES = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
];

/**
 * What is added to red, green and blue, as drawn for (index, epoch): along each principal axis of ImageNet's colours
 * `lighting` times a normal number times the deviation along it. Krizhevsky et al., 2012, "PCA colour augmentation".
 */
export function drawLight(lighting: number, stream: RandomStream, index: number, epoch: number): number[] | undefined {
  if (lighting === 0) return undefined;
  const along = stream.normal4(index, 1, epoch);
  return AXES.map((axes) => axes.reduce((sum, axis, i) => sum + lighting * along[i] * DEVIATIONS[i] * axis, 0));
}
