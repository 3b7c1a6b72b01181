import { convertImage } from '../../data/conversion.ts';
import type { RawImage } from '../../data/raw-image.ts';
import type { ImageShape } from '../../image/image.ts';
import { decodePicture } from '../pictures.ts';

/**
 * A picture as a model takes it: scaled to the shorter side, the middle cut out, grey where there is one channel.
 * @returns raw pixels in [0, 1], CHW
 * @throws misuse `unreadable-image`, `image-too-large`
 */
export async function readPicture(file: Blob, shape: ImageShape, name = 'the picture'): Promise<Float32Array> {
  return fitPicture(await decodePicture(file, name), shape, name);
}

/** Brings a decoded picture to a shape. */
export function fitPicture(picture: RawImage, shape: ImageShape, name: string): Float32Array {
  const { channels, height, width } = shape;
  const colour = channels === 1 ? 'grey' : channels === 3 ? 'rgb' : 'keep';
  const isSize = picture.shape.height === height && picture.shape.width === width;
  const resize = isSize ? {} : { resize: height === width ? height : { height, width } };
  return convertImage(picture, { ...resize, colour }, shape, name);
}
