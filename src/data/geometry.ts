import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';

/** In pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** How images are brought to the size that a model takes. */
export interface GeometryOptions {
  /** New length of the shorter side in pixels (the other in proportion), or both sides. */
  readonly resize?: number | Size;
  /** Side of the square that is cut from the centre, in pixels. */
  readonly crop?: number;
}

/** What happens to one image: resized where `resized` is given, then cut. */
export interface Geometry {
  readonly resized?: Size;
  readonly top: number;
  readonly left: number;
  readonly size: Size;
}

/**
 * What the options make of an image of this size. A `resize` of the shorter side without a `crop` is followed by a cut
 * to the model's size, where that is known, because the longer side would differ from image to image.
 * Lengths and offsets are rounded as torchvision's `Resize` (down) and `CenterCrop` (half to even) round them.
 * @throws misuse `crop-too-large`
 */
export function planGeometry(
  image: Size,
  options: GeometryOptions,
  model: Size | undefined,
  subject: string,
): Geometry {
  const resized = options.resize === undefined ? undefined : resizedSize(image, options.resize);
  const before = resized ?? { height: image.height, width: image.width };
  const square = options.crop === undefined ? undefined : { height: options.crop, width: options.crop };
  const size = square ?? (typeof options.resize === 'number' && model !== undefined ? model : before);
  if (size.height > before.height || size.width > before.width) {
    throw misuse({
      code: 'crop-too-large',
      subject,
      problem: `a centre of ${size.height}×${size.width} cannot be cut from ${before.height}×${before.width}.`,
      advice:
        `Give a larger ${optionWords('resize')} (the shorter side, at least ${Math.max(size.height, size.width)}) ` +
        `or a smaller ${optionWords('crop')}.`,
    });
  }
  return {
    resized: resized?.height === image.height && resized.width === image.width ? undefined : resized,
    top: roundHalfToEven((before.height - size.height) / 2),
    left: roundHalfToEven((before.width - size.width) / 2),
    size: { height: size.height, width: size.width },
  };
}

function resizedSize({ height, width }: Size, resize: number | Size): Size {
  if (typeof resize !== 'number') return resize;
  return height <= width
    ? { height: resize, width: Math.trunc((resize * width) / height) }
    : { height: Math.trunc((resize * height) / width), width: resize };
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}
