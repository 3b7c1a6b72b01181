import type { RandomStream } from '../random/stream.ts';
import type { Transformation } from '../transform/transformation.ts';
import type { Box } from './box.ts';

/**
 * A uniform draw from the box, a pure function of the stream and its indices. The same indices in a smaller box,
 * or in a rotation-only or translation-only one, give the same draw scaled or projected.
 */
export function drawTransformation(box: Box, stream: RandomStream, i: number, j?: number, k?: number): Transformation {
  const [u, v, w] = stream.uniform4(i, j, k);
  return { tx: scale(u, box.tx), ty: scale(v, box.ty), angle: scale(w, box.angle) };
}

/**
 * A draw from the box with each parameter by the arcsine distribution, density 1/(π √(1 − x²)) over its limit: four in
 * ten lie in the outer fifth, against two in ten of the uniform one. Pure as `drawTransformation`.
 */
export function drawTowardsEdges(box: Box, stream: RandomStream, i: number, j?: number, k?: number): Transformation {
  const [u, v, w] = stream.uniform4(i, j, k).map((uniform) => 0.5 + Math.sin(Math.PI * (uniform - 0.5)) / 2);
  return { tx: scale(u, box.tx), ty: scale(v, box.ty), angle: scale(w, box.angle) };
}

/** Distributions over a box, by name. */
export const DRAWS = { uniform: drawTransformation, arcsine: drawTowardsEdges } as const;

/** From [0, 1) to [−limit, limit); never −0, which files would not keep. */
function scale(u: number, limit: number): number {
  return (2 * u - 1) * limit + 0;
}
