import { float } from '../../onnx/builder.ts';
import type { Dimension } from '../../onnx/graph.ts';
import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import { reshapeLike, reshapeTo } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';

/** y = α·A′·B′ + β·C, where ′ transposes as the attributes say. */
const gemm: Rule = {
  opType: 'Gemm',
  formula: 'dA′ = α · g · B′ᵀ;  dB′ = α · A′ᵀ · g;  dC = β · Σ g over the broadcast axes',
  inputs: 'all',
  gradient: (s) => {
    const [a, w] = s.node.inputs;
    const [ta, tb] = [s.int('transA', 0), s.int('transB', 0)];
    const product = (left: string, right: string, transA: number, transB: number): string =>
      s.b.op('Gemm', [left, right], { alpha: float(s.float('alpha', 1)), transA, transB });
    return s.each((position, input) => {
      if (position === 0) return ta === 0 ? product(s.g, w, 0, 1 - tb) : product(w, s.g, tb, 1);
      if (position === 1) return tb === 0 ? product(a, s.g, 1 - ta, 0) : product(s.g, a, 1, ta);
      return sumTo(s, s.scale(s.g, s.float('beta', 1)), s.y, input);
    });
  },
};

const matMul: Rule = {
  opType: 'MatMul',
  formula: 'dA = g · Bᵀ;  dB = Aᵀ · g;  summed over the broadcast batch axes',
  inputs: 'all',
  ranked: true,
  refuse: ({ node, info }) =>
    info(node.inputs[1])?.shape === undefined ? 'the rank of its second operand is unknown' : undefined,
  gradient: (s) => {
    const [a, c] = s.node.inputs;
    const [vectorA, vectorC] = [s.rank(a) === 1, s.rank(c) === 1];
    const [da, dc] = [vectorA ? [1, ...s.dims(a)] : s.dims(a), vectorC ? [...s.dims(c), 1] : s.dims(c)];
    const lost = [...(vectorA ? [-2] : []), ...(vectorC ? [-1] : [])];
    const g = lost.length === 0 ? s.g : s.b.op('Unsqueeze', [s.g, s.b.ints(lost)]);
    const batch = s.dims(s.y).slice(0, s.rank(s.y) - 2 + lost.length);
    const settle = (product: string, dims: readonly Dimension[], operand: string): string => {
      const matrix = [...batch, ...dims.slice(-2)];
      return reshapeVector(
        s,
        s.rank(operand) === 1
          ? s.sum(
              product,
              batch.map((_, i) => i),
              false,
            )
          : sumTo(s, product, matrix, operand),
        operand,
      );
    };
    return s.each((position) => {
      if (position === 0) {
        if (!vectorC && dc.length === 2) return timesTransposed(s, g, a, c);
        const right = vectorC ? s.b.op('Unsqueeze', [c, s.b.ints([0])]) : swap(s, c, dc.length);
        return settle(s.b.op('MatMul', [g, right]), da, a);
      }
      if (!vectorC && dc.length === 2 && da.length > 2) return matrixOfBatches(s, a, g);
      const left = vectorA ? s.b.op('Unsqueeze', [a, s.b.ints([1])]) : swap(s, a, da.length);
      return settle(s.b.op('MatMul', [left, g]), dc, c);
    });
  },
};

/**
 * g · Bᵀ for a plain matrix B: all batches of g stacked are one matrix. A `Gemm` reads B as it lies; a `Transpose` of a
 * constant would be a second copy of it in every session.
 */
function timesTransposed(s: BackwardStep, g: string, a: string, c: string): string {
  const columns = s.dims(c)[1];
  const flat = (): string =>
    typeof columns === 'number'
      ? s.b.op('Reshape', [g, s.b.ints([-1, columns])])
      : s.b.op('Flatten', [g], { axis: -1 });
  const product = s.b.op('Gemm', [s.rank(a) <= 2 ? g : flat(), c], { transB: 1 });
  return s.rank(a) === 2 ? product : reshapeLike(s, product, a);
}

/** dB for a plain matrix B: all batches of A stacked are one matrix, so one product yields the sum. */
function matrixOfBatches(s: BackwardStep, a: string, g: string): string {
  const [rows, columns] = [s.dims(a).at(-1), s.dims(s.y).at(-1)];
  const flat = (value: string, width: typeof rows): string =>
    typeof width === 'number' ? reshapeTo(s, value, [null, width]) : s.b.op('Flatten', [value], { axis: -1 });
  return s.b.op('Gemm', [flat(a, rows), flat(g, columns)], { transA: 1 });
}

function swap(s: BackwardStep, value: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return s.b.op('Transpose', [value], { perm });
}

function reshapeVector(s: BackwardStep, value: string, operand: string): string {
  return s.rank(operand) === 1 ? s.b.op('Reshape', [value, s.b.ints([-1])]) : value;
}

export const matrix: readonly Rule[] = [gemm, matMul];
