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

/** From [0, 1) to [−limit, limit); never −0, which files would not keep. */
function scale(u: number, limit: number): number {
  return (2 * u - 1) * limit + 0;
}
