import type { AttributeInput, GraphBuilder } from '../../onnx/builder.ts';
import type { ImageShape } from '../../image/image.ts';
import { conventionPasses } from '../../transform/affine.ts';
import type { Interpolation, Transformation } from '../../transform/transformation.ts';

/** Numbers that a transformation is handed over in. */
export const MAP_SIZE = 6;

/**
 * A transformation as the affine map from a place (x, y) of the output, in pixels, to the place of the input that is
 * read there, in the coordinates of GridSample with aligned corners: −1 and 1 are the centres of the border pixels.
 * @param map takes a, b, e, c, d, f of x' = a·x + b·y + e, y' = c·x + d·y + f
 */
export function writeMap(t: Transformation, shape: ImageShape, map: Float32Array, offset: number): void {
  const [pass] = conventionPasses('gimbal', shape);
  const [a, b, e, c, d, f] = pass.map(t);
  const [sx, sy] = [2 / Math.max(1, shape.width - 1), 2 / Math.max(1, shape.height - 1)];
  map.set([a * sx, b * sx, e * sx - 1, c * sy, d * sy, f * sy - 1], offset);
}

/**
 * Resamples images along affine maps, with zeros outside, as `createWarp` does up to rounding; at exact halves nearest
 * sampling takes the even pixel. On a device images need not come back to the host between warp and network; on a CPU
 * the loop is three times as fast (transform/resample.ts).
 * @param images [rows, channels, height, width] @param maps [rows, 6] of `writeMap` @returns the images' shape
 */
export function warpGraph(
  b: GraphBuilder,
  images: string,
  maps: string,
  { height, width }: ImageShape,
  interpolation: Interpolation = 'bilinear',
): string {
  const op = (opType: string, inputs: string[], attributes: Record<string, AttributeInput> = {}): string =>
    b.op(opType, inputs, attributes);
  const coefficients = b.ops('Split', [op('Reshape', [maps, b.ints([-1, MAP_SIZE, 1, 1])])], MAP_SIZE, {
    axis: 1,
    num_outputs: MAP_SIZE,
  });
  const x = b.constant(
    Array.from({ length: width }, (_, i) => i),
    [1, 1, 1, width],
  );
  const y = b.constant(
    Array.from({ length: height }, (_, i) => i),
    [1, 1, height, 1],
  );
  const coordinate = ([a, c, e]: string[]): string =>
    op('Reshape', [op('Add', [op('Add', [op('Mul', [a, x]), op('Mul', [c, y])]), e]), b.ints([-1, height, width, 1])]);
  const grid = op('Concat', [coordinate(coefficients.slice(0, 3)), coordinate(coefficients.slice(3))], { axis: 3 });
  return op('GridSample', [images, grid], {
    mode: interpolation === 'nearest' ? 'nearest' : 'linear',
    padding_mode: 'zeros',
    align_corners: 1,
  });
}
