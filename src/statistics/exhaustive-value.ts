/*
 * An exhaustive run keeps one float32 for each image and candidate: the cross-entropy (natural logarithm, ≥ 0),
 * with the sign bit set where the candidate is misclassified. So a right candidate of loss 0 is +0 and a wrong
 * one can never be mistaken for it; −0 cannot arise from a right one.
 */

/** The value that is kept for a candidate. */
export function exhaustiveValue(loss: number, right: boolean): number {
  const size = Math.abs(loss);
  return right ? size : -size;
}

/** Whether the candidate was misclassified. */
export function isFooling(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
