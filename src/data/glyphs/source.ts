import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ImageShape } from '../../image/image.ts';
import { memoryBytes } from '../bytes.ts';
import type { ConversionOptions } from '../conversion.ts';
import { recordSource } from '../record-source.ts';
import type { ImageSource } from '../source.ts';
import { decodeGlyphs, GLYPH_SHAPE } from './decode.ts';

/**
 * One split of the built-in data set as a source of images: 1 × 28 × 28, or what the options make of them.
 *
 * @param packed the bytes of `data/glyphs.npz`
 * @param model  shape that the model takes, if known
 * @throws failure `damaged-file`; misuse `image-shape`, `crop-too-large`
 */
export async function glyphSource(
  packed: Uint8Array,
  split: 'train' | 'test',
  options: ConversionOptions = {},
  model?: ImageShape,
): Promise<ImageSource> {
  const { images, labels, classNames } = await decodeGlyphs(packed, split);
  const name = `glyphs ${split}`;
  return recordSource(
    {
      name,
      bytes: memoryBytes(name, images),
      layout: {
        start: 0,
        stride: GLYPH_SHAPE.height * GLYPH_SHAPE.width,
        type: 'uint8',
        shape: GLYPH_SHAPE,
        order: 'chw',
      },
      labels,
      classes: classNames.length,
      classNames,
      fingerprint: bytesToHex(sha256.create().update(images).update(labels).digest()),
      close: async () => {},
    },
    options,
    model,
  );
}
