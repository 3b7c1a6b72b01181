import type { ImageSource } from '../../data/source.ts';
import type { RandomStream } from '../../random/stream.ts';
import type { Box } from '../../sets/box.ts';
import { drawTransformation } from '../../sets/draws.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import type { Warp } from '../../transform/warp.ts';
import type { FrozenModel } from '../step/frozen-model.ts';

const DRAWS = 10;
const CHUNK = 93;

/** Natural and worst-of-10 accuracy in [0, 1] on some images of the data, with the same draws at every call. */
export async function measure(
  model: Pick<FrozenModel, 'logits'>,
  data: ImageSource,
  positions: Uint32Array,
  box: Box,
  warp: Warp,
  stream: RandomStream,
  classes: number,
): Promise<{ natural: number; worstOf10: number }> {
  let natural = 0;
  let robust = 0;
  for (let start = 0; start < positions.length; start += CHUNK) {
    const images = await data.read([...positions.subarray(start, start + CHUNK)]);
    const size = images[0].pixels.length;
    const each = DRAWS + 1;
    const packed = new Float32Array(images.length * each * size);
    images.forEach(({ pixels, index }, i) => {
      packed.set(pixels, i * each * size);
      for (let draw = 0; draw < DRAWS; draw++) {
        warp.apply(pixels, drawTransformation(box, stream, index, draw), packed, (i * each + 1 + draw) * size);
      }
    });
    const logits = await model.logits(packed, images.length * each);
    images.forEach(({ label }, i) => {
      const right = (row: number): boolean => argMax(logits, (i * each + row) * classes, classes) === label;
      if (right(0)) natural++;
      if (Array.from({ length: DRAWS }, (_, draw) => right(1 + draw)).every(Boolean)) robust++;
    });
  }
  return { natural: natural / positions.length, worstOf10: robust / positions.length };
}
