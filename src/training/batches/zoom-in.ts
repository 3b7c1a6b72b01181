import type { ImageShape } from '../../image/image.ts';
import type { RandomStream } from '../../random/stream.ts';
import { resample } from '../../transform/resample.ts';

/**
 * A random part of the image scaled up to the whole, bilinearly: both sides of the part are 1 − z of the image's, z
 * uniform in [0, zoom], and it lies anywhere. The same array where `zoom` is 0.
 */
export function zoomIn(
  image: Float32Array,
  shape: ImageShape,
  zoom: number,
  stream: RandomStream,
  index: number,
  epoch: number,
): Float32Array {
  if (zoom === 0) return image;
  const { channels, height, width } = shape;
  const [z, u, v] = stream.uniform4(index, epoch);
  const part = 1 - zoom * z;
  const target = new Float32Array(image.length);
  const map = [part, 0, u * (1 - part) * (width - 1), 0, part, v * (1 - part) * (height - 1)] as const;
  resample({ from: shape, to: shape }, map, 'edge', channels, image, target, 0);
  return target;
}
