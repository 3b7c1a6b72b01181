import { unzipSync } from 'fflate';
import { failure } from '../../errors/error.ts';
import type { ImageShape } from '../../image/image.ts';
import { readNpyHeader } from '../npy.ts';

/** The built-in images are grey, 28 × 28. */
export const GLYPH_SHAPE: ImageShape = { channels: 1, height: 28, width: 28 };

export interface Glyphs {
  /** N × 28 × 28 bytes, white on black, row by row. */
  readonly images: Uint8Array;
  /** N labels, 0-based. */
  readonly labels: Uint8Array;
  /** The printed character of each label. */
  readonly classNames: readonly string[];
}

/**
 * Unpacks one split of the built-in data set (docs/glyphs.md).
 *
 * @param packed the bytes of `data/glyphs.npz`
 * @throws failure `damaged-file` where they are anything else
 */
export async function decodeGlyphs(packed: Uint8Array, split: 'train' | 'test'): Promise<Glyphs> {
  try {
    const wanted = { images: `${split}_images.npy`, labels: `${split}_labels.npy`, classes: 'classes.npy' };
    const names = Object.values(wanted);
    const files = unzipSync(packed, { filter: ({ name }) => names.includes(name) });
    const [images, labels, classes] = names.map((name) => readValues(name, files[name]));
    return { images, labels, classNames: Array.from(classes, (code) => String.fromCharCode(code)) };
  } catch (error) {
    throw failure(
      {
        code: 'damaged-file',
        subject: 'glyphs',
        problem: `the built-in data set cannot be unpacked (${(error as Error).message}).`,
        advice: 'Install gimbal again.',
      },
      { cause: error },
    );
  }
}

function readValues(name: string, file: Uint8Array | undefined): Uint8Array {
  if (file === undefined) throw new Error(`${name} is missing`);
  const { start } = readNpyHeader(name, file);
  return file.subarray(start);
}
