import sharp from 'sharp';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import type { RawImage } from '../../data/raw-image.ts';
import type { Exif, ImageHead } from '../../sources/image-files.ts';

/**
 * As most training code reads images: without colour profiles. Only damage that loses pixels is an error, as many files
 * of ImageNet have odd trailing bytes.
 */
const reading = (exif: Exif): SharpOptions => ({ failOn: 'error', ignoreIcc: true, autoOrient: exif === 'turn' });

/**
 * Decodes a JPEG, PNG or WebP file to 8 bits a channel, pixel by pixel.
 * @param channels 3: RGB, grey images in three equal channels; 1: as the file has it, one channel or three.
 *   Transparency is dropped.
 */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3, exif: Exif): Promise<RawImage> {
  const image = sharp(bytes, reading(exif));
  const metadata = await image.metadata();
  if (metadata.space === 'cmyk') return decodeInks(image);
  const grey = channels === 1 && isGrey(metadata);
  const { data, info } = await image
    .removeAlpha()
    .toColourspace(grey ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { values: data, shape: { channels: info.channels, height: info.height, width: info.width }, order: 'hwc' };
}

/**
 * The four inks of print as red, green and blue, as Pillow converts them, without a colour profile:
 * R = (255 − C) (255 − K) / 255, and so on.
 */
async function decodeInks(image: Sharp): Promise<RawImage> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const values = new Uint8Array(3 * pixels);
  for (let at = 0; at < pixels; at++) {
    const white = 255 - data[4 * at + 3];
    for (let ink = 0; ink < 3; ink++) values[3 * at + ink] = white - Math.round((data[4 * at + ink] * white) / 255);
  }
  return { values, shape: { channels: 3, height: info.height, width: info.width }, order: 'hwc' };
}

/** Size of the upright image and whether it has colour, from the file's head alone. */
export async function inspectImage(bytes: Uint8Array, exif: Exif): Promise<ImageHead> {
  const metadata = await sharp(bytes, reading(exif)).metadata();
  const { height, width } = exif === 'turn' ? metadata.autoOrient : metadata;
  return { height, width, grey: isGrey(metadata) };
}

function isGrey({ space }: Metadata): boolean {
  return space === 'b-w' || space === 'grey16';
}
