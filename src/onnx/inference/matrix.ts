import { intOf, stringOf } from '../attributes.ts';
import { parseEinsum } from '../einsum.ts';
import type { Dimension } from '../graph.ts';
import { broadcast } from './dimension.ts';
import type { ShapeRule } from './rule.ts';

/** Gemm: A' [M, K] · B' [K, N] → [M, N]; the transposed ones where transA, transB say so. */
const gemm: ShapeRule = (at) => {
  const a = at.shape(0);
  const b = at.shape(1);
  const rows = a?.[intOf(at.node, 'transA', 0) === 0 ? 0 : 1] ?? null;
  const columns = b?.[intOf(at.node, 'transB', 0) === 0 ? 1 : 0] ?? null;
  return [at.like(0, [rows, columns])];
};

/** Numpy's matmul: a vector counts as a row (left) or a column (right), and its axis goes away. */
function matrixProduct(
  a: readonly Dimension[] | undefined,
  b: readonly Dimension[] | undefined,
): Dimension[] | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
  if (batch === undefined) return undefined;
  return [...batch, ...(a.length > 1 ? [a[a.length - 2]] : []), ...(b.length > 1 ? [b[b.length - 1]] : [])];
}

const matmul: ShapeRule = (at) => [at.like(0, matrixProduct(at.shape(0), at.shape(1)))];
const integerMatmul: ShapeRule = (at) => [{ type: 'int32', shape: matrixProduct(at.shape(0), at.shape(1)) }];

/** Einsum: each letter of the output has the size that it has in an input. */
const einsum: ShapeRule = (at) => {
  const equation = parseEinsum(
    stringOf(at.node, 'equation', ''),
    at.node.inputs.map((_, i) => at.shape(i)?.length),
  );
  if (equation === undefined) return [at.like(0, undefined)];
  const sizes = new Map<string, Dimension>();
  for (const [i, term] of equation.terms.entries()) {
    for (const [axis, letter] of [...term].entries()) {
      const [size, known] = [at.shape(i)?.[axis] ?? null, sizes.get(letter) ?? null];
      if (known === null || known === 1 || (typeof known !== 'number' && typeof size === 'number' && size !== 1))
        sizes.set(letter, size);
    }
  }
  return [
    at.like(
      0,
      [...equation.output].map((letter) => sizes.get(letter) ?? null),
    ),
  ];
};

export const MATRIX_RULES: Readonly<Record<string, ShapeRule>> = {
  Gemm: gemm,
  MatMul: matmul,
  MatMulInteger: integerMatmul,
  Einsum: einsum,
};
