/** Targets whose loss is the mean over the images. */
export function meanTargets(
  labels: readonly number[],
  { classes, smoothing }: { readonly classes: number; readonly smoothing: number },
): Float32Array {
  return softTargets(labels, classes, smoothing, 1 / labels.length);
}

/**
 * Smoothed one-hot rows: 1 − s + s/K at the label, s/K elsewhere, each times `weight`.
 * @returns [labels.length, classes]
 */
export function softTargets(
  labels: readonly number[],
  classes: number,
  smoothing: number,
  weight: number,
): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill((weight * smoothing) / classes);
  labels.forEach((label, row) => {
    targets[row * classes + label] += weight * (1 - smoothing);
  });
  return targets;
}
