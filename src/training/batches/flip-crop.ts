import type { ImageEdit } from '../../data/edit.ts';
import type { RandomStream } from '../../random/stream.ts';

export interface FlipCrop {
  /** Mirror half of the images left to right. */
  readonly flip: boolean;
  /** Shift by up to so many whole pixels along each axis, black coming in (pad, then crop at random). */
  readonly crop: number;
}

/** Whether an image is mirrored and how far it is shifted, as drawn for (index, epoch). */
export function drawFlipCrop(
  { flip, crop }: FlipCrop,
  stream: RandomStream,
  index: number,
  epoch: number,
): Pick<ImageEdit, 'mirrored' | 'right' | 'down'> {
  const [f, u, v] = stream.uniform4(index, epoch);
  const span = 2 * crop + 1;
  return { mirrored: flip && f < 0.5, right: Math.floor(u * span) - crop, down: Math.floor(v * span) - crop };
}
