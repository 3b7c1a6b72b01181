import { intsOf } from '../../onnx/attributes.ts';
import type { Lowering } from './lowering.ts';

type WeightShape = readonly [outputs: number, inputs: number, rows: number, columns: number];

/**
 * Weights [O, I, kh, kw] in the order of the blocked convolution, [O/B, I/B, kh, kw, B of I, B of O]; for images in
 * plain layout (I < B) [O/B, I, kh, kw, B of O]. Both steps are ONNX Runtime's own reorderings of images, which use all
 * threads and vectors: one Transpose takes ten times as long.
 */
export function blockedWeights(lowering: Lowering, weights: string, shape: WeightShape): string {
  const B = lowering.block;
  const [o, i, kh, kw] = shape;
  const taps = kh * kw;
  const outputsLast = lowering.nchwc('ReorderInput', [lowering.reshape(weights, [o / B, B, 1, i * taps])]);
  if (taps === 1 || i % B !== 0) return lowering.reshape(outputsLast, shape);
  const apart = lowering.reshape(outputsLast, [(o * i) / (B * B), 1, B, taps * B]);
  return lowering.reshape(lowering.nchwc('ReorderInput', [apart], { channels_last: 1 }), shape);
}

/** Weights of a convolution that is an input gradient: see convolution-input.ts in src/gradients. */
interface SwappedWeights {
  /** The forward weights [O, I, kh, kw]. */
  readonly source: string;
  /** Which rows and columns of taps are used, in order. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function swappedWeightsOf(lowering: Lowering, weights: string): SwappedWeights | undefined {
  const last = lowering.source.maker(weights);
  const swap = last?.opType === 'Slice' ? lowering.source.maker(last.inputs[0]) : last;
  if (swap?.opType !== 'Transpose' || intsOf(swap, 'perm')?.join() !== '1,0,2,3') return undefined;
  const [source] = swap.inputs;
  const shape = lowering.source.shape(source);
  if (shape?.length !== 4 || shape[0] % lowering.block !== 0 || shape[1] % lowering.block !== 0) return undefined;
  if (last === swap) return { source, rows: range(0, shape[2], 1), columns: range(0, shape[3], 1) };
  const [starts, ends, axes, steps] = (last?.inputs.slice(1) ?? []).map((input) => lowering.source.numbers(input));
  if (starts === undefined || ends === undefined || axes?.join() !== '2,3' || steps?.every((step) => step < 0) !== true)
    return undefined;
  const [rows, columns] = [0, 1].map((axis) => range(starts[axis], Math.max(ends[axis], -1), steps[axis]));
  return { source, rows, columns };
}

function range(start: number, end: number, step: number): number[] {
  return Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step);
}

/**
 * The blocked weights of an input gradient from those of the forward convolution: in each block inputs and outputs
 * change places, then the blocks are picked in their new order. Undefined for weights of other origin.
 */
export function blockedSwappedWeights(lowering: Lowering, weights: string): string | undefined {
  const swapped = swappedWeightsOf(lowering, weights);
  if (swapped === undefined) return undefined;
  const B = lowering.block;
  const { source, rows, columns } = swapped;
  const shape = lowering.source.shape(source) as WeightShape;
  const [o, i, kh, kw] = shape;
  const count = (o * i * kh * kw) / (B * B);
  const forward = lowering.reshape(blockedWeights(lowering, lowering.value(source), shape), [count, B, 1, B]);
  const turned = lowering.nchwc('ReorderInput', [forward]);
  const key = `swapped weights ${shape.join()} ${rows.join()} ${columns.join()}`;
  const picked = lowering.rearrange(turned, [1, count, B * B], key, () => {
    const order: number[] = [];
    for (let inputs = 0; inputs < i / B; inputs++) {
      for (let outputs = 0; outputs < o / B; outputs++) {
        for (const row of rows)
          for (const column of columns) order.push(((outputs * (i / B) + inputs) * kh + row) * kw + column);
      }
    }
    return order;
  });
  return lowering.reshape(picked, [i, o, rows.length, columns.length]);
}
