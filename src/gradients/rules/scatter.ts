import type { BackwardStep } from '../step.ts';

/**
 * The gradient of reading `x[…, indices[j], …] = y[…, j, …]` along one axis: dx[i] = Σ g[j] over all j with
 * indices[j] = i.
 * @param g gradient of the rank of x
 * @param indices int64 vector, one for each position of g along the axis; negative ones count from the end
 * @param length int64 vector of one element: the extent of x along the axis
 */
export function scatterAlong(
  s: BackwardStep,
  g: string,
  rank: number,
  axis: number,
  indices: string,
  length: string,
): string {
  const { b } = s;
  const parts = [
    ...(axis > 0 ? [b.op('Shape', [g], { start: 0, end: axis })] : []),
    length,
    ...(axis < rank - 1 ? [b.op('Shape', [g], { start: axis + 1 })] : []),
  ];
  const shape = parts.length === 1 ? length : b.op('Concat', parts, { axis: 0 });
  const zeros = b.op('Expand', [s.number(0), shape]);
  const column = b.op('Reshape', [indices, b.ints(Array.from({ length: rank }, (_, i) => (i === axis ? -1 : 1)))]);
  const everywhere = b.op('Expand', [column, b.op('Shape', [g])]);
  return b.op('ScatterElements', [zeros, everywhere, g], { axis, reduction: 'add' });
}
