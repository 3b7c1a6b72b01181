import sharp from 'sharp';
import type { ImageShape } from '../../image/image.ts';
import type { PictureSize } from '../../report/draw-frames.ts';

/** Sides up to this are kept pixel by pixel; larger images are shown no larger than these. */
const EXACT = 64;
const LARGEST = { full: { side: 224, quality: 86 }, small: { side: 160, quality: 76 } } as const;

/**
 * An image as a data URL: PNG pixel by pixel where it is tiny (the page blows it up), else WebP.
 * @param pixels raw, in [0, 1], CHW
 */
export async function encodeThumbnail(
  pixels: Float32Array,
  shape: ImageShape,
  size: PictureSize = 'full',
): Promise<string> {
  const { channels, height, width } = shape;
  const area = height * width;
  // Images of one channel are grey; of other numbers of channels the first three are shown.
  const shown = channels >= 3 ? 3 : 1;
  const bytes = Buffer.alloc(area * shown);
  for (let channel = 0; channel < shown; channel++) {
    for (let i = 0; i < area; i++) {
      bytes[i * shown + channel] = Math.round(255 * Math.min(1, Math.max(0, pixels[channel * area + i])));
    }
  }
  const image = sharp(bytes, { raw: { width, height, channels: shown } });
  if (Math.max(height, width) <= EXACT) {
    return dataUrl('image/png', await image.png({ compressionLevel: 9 }).toBuffer());
  }
  const { side, quality } = LARGEST[size];
  return dataUrl(
    'image/webp',
    await image.resize(side, side, { fit: 'inside', withoutEnlargement: true }).webp({ quality }).toBuffer(),
  );
}

function dataUrl(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}
