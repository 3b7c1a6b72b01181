import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { decodeGlyphs } from '../../dist/data/glyphs/decode.js';
import { SCENES } from './scenes.js';

/*
 * Makes the pictures that the page brings along: printed digits of the built-in data set, and drawn scenes of what
 * CIFAR-10 shows. `node tools/page/pictures.js`
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

/** Seeds of scenes that the shipped classifiers read, and that a small turn hides from the standard one. */
const SEEDS = { airplane: 59, automobile: 0, bird: 1, deer: 15, frog: 6, horse: 2, ship: 50, truck: 17 };

for (const [name, seed] of Object.entries(SEEDS)) {
  const png = await sharp(Buffer.from(SCENES[name](draws(seed))))
    .resize(32, 32, { kernel: 'lanczos3' })
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
  writeFileSync(new URL(`src/page/pictures/drawn-${name}.png`, ROOT), png);
}

/** Draws in [0, 1) from a seed (mulberry32). */
function draws(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
