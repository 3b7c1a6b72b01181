import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { failure } from '../../errors/error.ts';

/** The built-in data set of printed characters (docs/glyphs.md); the compiled module lies in dist/node/data. */
export const GLYPHS_FILE = fileURLToPath(new URL('../../../data/glyphs.npz', import.meta.url));

/** @throws failure `damaged-file` */
export async function readGlyphs(): Promise<Uint8Array> {
  return readFile(GLYPHS_FILE).catch((error) => {
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
}
