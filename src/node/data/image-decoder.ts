import sharp from 'sharp';
import type { Metadata, SharpOptions } from 'sharp';
import type { RawImage } from '../../data/raw-image.ts';
import { readRegular } from './regular-file.ts';

/**
 * As most training code reads images: without colour profiles, turned upright by their EXIF orientation. Only damage
 * that loses pixels is an error, as many files of ImageNet have odd trailing bytes.
 */
const READING: SharpOptions = { failOn: 'error', ignoreIcc: true, autoOrient: true };

/**
 * Decodes a JPEG, PNG or WebP file to 8 bits a channel, pixel by pixel.
 * @param channels 3: RGB, grey images in three equal channels; 1: as the file has it, one channel or three.
 *   Transparency is dropped.
 */
export async function decodeImage(path: string, channels: 1 | 3): Promise<RawImage> {
  const image = sharp(await readRegular(path), READING);
  const grey = channels === 1 && isGrey(await image.metadata());
  const { data, info } = await image
    .removeAlpha()
    .toColourspace(grey ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { values: data, shape: { channels: info.channels, height: info.height, width: info.width }, order: 'hwc' };
}

/** Size of the upright image and whether it has colour, from the file's head alone. */
export async function inspectImage(path: string): Promise<{ height: number; width: number; grey: boolean }> {
  const metadata = await sharp(await readRegular(path), READING).metadata();
  return { ...metadata.autoOrient, grey: isGrey(metadata) };
}

function isGrey({ space }: Metadata): boolean {
  return space === 'b-w' || space === 'grey16';
}
