import type { Lowering } from './lowering.ts';

export type WeightShape = readonly [outputs: number, inputs: number, rows: number, columns: number];

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

/** Blocked weights of a depthwise convolution, [C, 1, kh, kw], with the same taps for every channel. */
export function uniformDepthwiseWeights(
  lowering: Lowering,
  taps: readonly number[],
  channels: number,
  kernel: readonly number[],
): string {
  const B = lowering.block;
  const each = lowering.op('Expand', [
    lowering.b.constant(taps, [1, ...kernel, 1]),
    lowering.b.ints([channels / B, ...kernel, B]),
  ]);
  return lowering.reshape(each, [channels, 1, ...kernel]);
}

/** Which taps of weights are used, in order. */
export interface Taps {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * The blocked weights of an input gradient, [I, O, rows, columns], from those of the forward convolution: in each block
 * inputs and outputs change places, then the blocks are picked in their new order.
 * @param weights [O, I, kh, kw], whole blocks of both
 */
export function blockedSwappedWeights(
  lowering: Lowering,
  weights: string,
  shape: WeightShape,
  { rows, columns }: Taps,
): string {
  const B = lowering.block;
  const [o, i, kh, kw] = shape;
  const count = (o * i * kh * kw) / (B * B);
  const forward = lowering.reshape(blockedWeights(lowering, weights, shape), [count, B, 1, B]);
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

/**
 * The blocked weights of a depthwise input gradient, [C, 1, rows, columns], from those of the forward convolution.
 * @param weights [C, 1, kh, kw], whole blocks
 */
export function blockedDepthwiseWeights(
  lowering: Lowering,
  weights: string,
  shape: WeightShape,
  { rows, columns }: Taps,
): string {
  const B = lowering.block;
  const [c, , kh, kw] = shape;
  const forward = lowering.reshape(blockedWeights(lowering, weights, shape), [c / B, kh * kw, B]);
  const key = `depthwise weights ${[kh, kw].join()} ${rows.join()} ${columns.join()}`;
  const picked = lowering.rearrange(forward, [c / B, kh * kw, B], key, () =>
    rows.flatMap((row) => columns.map((column) => row * kw + column)),
  );
  return lowering.reshape(picked, [c, 1, rows.length, columns.length]);
}
