/**
 * Exponential moving average in place: average ← average + (1 − d) · (value − average), with 1 − d of
 * `averagingWeight`.
 */
export function updateAverage(average: Float32Array, value: Float32Array, decay: number, step: number): void {
  const weight = averagingWeight(decay, step);
  for (let i = 0; i < average.length; i++) average[i] += weight * (value[i] - average[i]);
}

/**
 * The new value's share. The decay warms up, d = min(decay, (1 + step) / (10 + step)), so that the random start is soon
 * forgotten.
 */
export function averagingWeight(decay: number, step: number): number {
  return 1 - Math.min(decay, (1 + step) / (10 + step));
}
