import type { ImageSource } from '../../data/source.ts';
import type { LabelledImage } from '../../image/image.ts';

/** Images read at once. */
const CHUNK = 256;

/**
 * The images at `count` of the positions, or at all where there are fewer, evenly spaced and in their order, no more
 * than a few hundred of them in memory. Spaced, because data often lie sorted by class.
 */
export async function* spacedImages(
  data: ImageSource,
  positions: Uint32Array,
  count: number,
): AsyncGenerator<LabelledImage> {
  const taken = Math.min(count, positions.length);
  for (let start = 0; start < taken; start += CHUNK) {
    const length = Math.min(CHUNK, taken - start);
    yield* await data.read(
      Array.from({ length }, (_, i) => positions[Math.floor(((start + i) * positions.length) / taken)]),
    );
  }
}
