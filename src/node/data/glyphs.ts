import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { glyphSource } from '../../data/glyphs/source.ts';
import type { ImageSource } from '../../data/source.ts';
import { failure } from '../../errors/error.ts';
import { refusePixelRange } from '../../data/open-options.ts';
import type { OpenOptions } from '../../data/open-options.ts';

/** The file that comes with the package; the compiled module lies in dist/node/data. */
export const GLYPHS_FILE = fileURLToPath(new URL('../../../data/glyphs.npz', import.meta.url));

/**
 * Opens the built-in data set of printed characters (docs/glyphs.md).
 * @throws failure `damaged-file`; misuse `image-shape`, `crop-too-large`
 */
export async function openGlyphs(options: OpenOptions): Promise<ImageSource> {
  refusePixelRange('glyphs', options);
  const packed = await readFile(GLYPHS_FILE).catch((error) => {
    throw failure(
      {
        code: 'damaged-file',
        subject: GLYPHS_FILE,
        problem: `cannot be read (${error.message}).`,
        advice: 'Install gimbal again.',
      },
      { cause: error },
    );
  });
  return glyphSource(packed, options.split, options, options.shape);
}
