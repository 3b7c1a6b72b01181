import type { BackwardStep } from './step.ts';

/** x̂ = (x − mean) · r with r = 1/√(variance + ε), over the given axes. */
export interface Standardized {
  readonly hat: string;
  readonly inverse: string;
}

/**
 * The variance takes a second pass over x − mean: E[x²] − mean² loses digits in float32 (1e-4 at mean/deviation = 10).
 */
export function standardize(s: BackwardStep, x: string, axes: readonly number[], epsilon: number): Standardized {
  const centred = s.sub(x, s.mean(x, axes));
  const variance = s.mean(s.mul(centred, centred), axes);
  const inverse = s.b.op('Reciprocal', [s.b.op('Sqrt', [s.add(variance, s.number(epsilon))])]);
  return { hat: s.mul(centred, inverse), inverse };
}

/**
 * Gradient of x̂ by x where mean and variance depend on x: dx = r · (h − mean(h) − x̂ · mean(h · x̂)), with h the
 * gradient by x̂.
 */
export function standardizedGradient(
  s: BackwardStep,
  h: string,
  { hat, inverse }: Standardized,
  axes: readonly number[],
): string {
  const slope = s.mean(s.mul(h, hat), axes);
  return s.mul(inverse, s.sub(s.sub(h, s.mean(h, axes)), s.mul(hat, slope)));
}

/** A vector over the channels, shaped to be broadcast against a value of this rank. */
export function perChannel(s: BackwardStep, vector: string, rank: number): string {
  return rank <= 2 ? vector : s.b.op('Reshape', [vector, s.b.ints([-1, ...Array.from({ length: rank - 2 }, () => 1)])]);
}
