import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { decodeGlyphs } from '../../dist/data/glyphs/decode.js';

/*
 * Makes the pictures that the page brings along: printed digits of the built-in data set.
 * `node tools/page/pictures.js`
 */
const ROOT = new URL('../../', import.meta.url);
const SIDE = 28;

/** Positions in the test split: digits that both shipped models read, and that a small turn hides from one of them. */
const DIGITS = [1209, 1172, 2173, 1886, 3873, 262];

const { images, labels, classNames } = await decodeGlyphs(
  new Uint8Array(readFileSync(new URL('data/glyphs.npz', ROOT))),
  'test',
);
for (const at of DIGITS) {
  const pixels = images.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
  const png = await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  writeFileSync(new URL(`src/page/pictures/digit-${classNames[labels[at]]}.png`, ROOT), png);
}
