import type { ImageShape } from '../../image/image.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { conventionPasses } from '../../transform/affine.ts';
import type { Transformation } from '../../transform/transformation.ts';

/**
 * Transforms images by one transformation that stands in the file, as `createWarp` does with zero padding: each output
 * pixel is a sum of four gathered input pixels with constant weights. `warpGraph` takes its transformations as inputs
 * instead; it is a GridSample, which exported files go without: an operator of opset 16 that not every runtime has.
 * @param flat [batch, channels, height · width] @returns the same shape
 */
export function fixedWarp(b: GraphBuilder, flat: string, shape: ImageShape, t: Transformation): string {
  const { offsets, weights } = constantTaps(shape, t);
  const dims = [4, shape.height * shape.width];
  const gathered = b.op('Gather', [flat, b.initializer('taps', { type: 'int32', dims, data: offsets })], { axis: 2 });
  const weighted = b.op('Mul', [gathered, b.initializer('weights', { type: 'float32', dims, data: weights })]);
  return b.op('ReduceSum', [weighted, b.ints([2])], { keepdims: 0 });
}

/**
 * The four input pixels that each output pixel reads and their bilinear weights, 0 outside of the image: [4, height ·
 * width] each.
 */
function constantTaps(shape: ImageShape, t: Transformation): { offsets: Int32Array; weights: Float32Array } {
  const { height, width } = shape;
  const [pass] = conventionPasses('gimbal', shape);
  const [a, b, e, c, d, f] = pass.map(t);
  const pixels = height * width;
  const offsets = new Int32Array(4 * pixels);
  const weights = new Float32Array(4 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    const xIn = a * x + b * y + e;
    const yIn = c * x + d * y + f;
    for (let tap = 0; tap < 4; tap++) {
      const column = Math.floor(xIn) + (tap & 1);
      const row = Math.floor(yIn) + (tap >> 1);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      offsets[tap * pixels + pixel] = row * width + column;
      weights[tap * pixels + pixel] = (1 - Math.abs(xIn - column)) * (1 - Math.abs(yIn - row));
    }
  }
  return { offsets, weights };
}
