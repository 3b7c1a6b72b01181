import type { BackwardStep } from '../step.ts';

/**
 * A linear map along one axis, backwards: dx[…, i, …] = Σ_j A[j, i] · g[…, j, …].
 * @param rank of g
 * @param matrix A, [output extent, input extent] of the axis
 */
export function transposedAlong(s: BackwardStep, g: string, rank: number, axis: number, matrix: string): string {
  const { b } = s;
  if (axis === rank - 1) return b.op('MatMul', [g, matrix]);
  if (axis === rank - 2) return b.op('MatMul', [b.op('Transpose', [matrix], { perm: [1, 0] }), g]);
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[axis], perm[rank - 1]] = [rank - 1, axis];
  return b.op('Transpose', [b.op('MatMul', [b.op('Transpose', [g], { perm }), matrix])], { perm });
}
