import type { RawImage } from '../data/raw-image.ts';
import { misuse } from '../errors/error.ts';

/** Pixels beyond which a picture takes more memory than a page has. */
const MOST_PIXELS = 2 ** 26;

/**
 * Decodes a picture to 8 bits a channel, pixel by pixel, as the command line does: without colour profiles, upright,
 * transparency dropped.
 * @param name for messages
 * @throws misuse `unreadable-image`, `image-too-large`
 */
export async function decodePicture(file: Blob, name: string): Promise<RawImage> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(
    (error: unknown) => {
      throw misuse(
        {
          code: 'unreadable-image',
          subject: name,
          problem: 'cannot be decoded as a picture.',
          advice: 'A browser reads PNG, JPEG, WebP, GIF, BMP and AVIF.',
        },
        { cause: error },
      );
    },
  );
  try {
    const { width, height } = bitmap;
    if (width * height > MOST_PIXELS)
      throw misuse({
        code: 'image-too-large',
        subject: name,
        problem: `has ${width}×${height} pixels; a page takes up to 67 million.`,
        advice: 'Make it smaller first.',
      });
    const context = new OffscreenCanvas(width, height).getContext('2d', { colorSpace: 'srgb' });
    if (context === null) throw new Error('internal: no canvas for a picture');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const values = new Uint8Array(3 * width * height);
    for (let i = 0, o = 0; i < data.length; i += 4, o += 3) values.set(data.subarray(i, i + 3), o);
    return { values, shape: { channels: 3, height, width }, order: 'hwc' };
  } finally {
    bitmap.close();
  }
}

/** How much of `image` a canvas shows: every channel as a byte; of other numbers than 1 the first three. */
export function toImageData(
  pixels: Float32Array,
  { channels, height, width }: { readonly channels: number; readonly height: number; readonly width: number },
): ImageData {
  const area = height * width;
  const shown = new ImageData(width, height);
  const { data } = shown;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = 255 * pixels[(channels >= 3 ? c * area : 0) + i];
    data[4 * i + 3] = 255;
  }
  return shown;
}
