import type { ImageSource } from '../../data/source.ts';
import type { LabelledImage } from '../../image/image.ts';

/** Images read at once. */
const CHUNK = 256;

/** The images at the first `count` of the positions, in their order, no more than a few hundred of them in memory. */
export async function* firstImages(data: ImageSource, positions: Uint32Array, count: number): AsyncGenerator<LabelledImage> {
  for (let start = 0; start < Math.min(count, positions.length); start += CHUNK) {
    yield* await data.read([...positions.subarray(start, Math.min(start + CHUNK, count))]);
  }
}
