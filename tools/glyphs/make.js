/**
 * Makes the built-in data set: `npm ci && node make.js` in this folder writes data/glyphs.npz and, between the marks
 * of docs/glyphs.md, the tables of counts and fonts. Everything drawn is a function of SEED and of what is drawn, so
 * that the same packages give the same file.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe } from './describe.js';
import { glyphOf, loadFamily } from './fonts.js';
import { npy } from './npy.js';
import { render, SIDE } from './render.js';

const SEED = 'glyphs 1';
/** What confusion.js and then network.py left of the digits and capital letters. */
const CLASSES = [...'234789ACDEFGHJKLMPQRSTUVWXYZ'];
/** Pictures of every character in every family. */
const PICTURES = 5;
const REPOSITORY = new URL('../../', import.meta.url);

const lists = JSON.parse(readFileSync(new URL('families.json', import.meta.url), 'utf8'));
const entries = {
  classes: npy(
    Uint8Array.from(CLASSES, (name) => name.charCodeAt(0)),
    [CLASSES.length],
  ),
};
const families = {};
for (const split of ['train', 'test']) {
  families[split] = Object.values(lists[split]).flat().map(loadFamily);
  const pictures = await draw(families[split]);
  pictures.sort((a, b) => (a.order < b.order ? -1 : 1));
  const images = new Uint8Array(pictures.length * SIDE * SIDE);
  pictures.forEach(({ pixels }, at) => images.set(pixels, at * SIDE * SIDE));
  entries[`${split}_images`] = npy(images, [pictures.length, SIDE, SIDE]);
  entries[`${split}_labels`] = npy(
    Uint8Array.from(pictures, ({ label }) => label),
    [pictures.length],
  );
}

const files = Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [`${name}.npy`, bytes]));
const packed = zipSync(files, { level: 9, mtime: '1980-01-01T00:00:00' });
writeFileSync(new URL('data/glyphs.npz', REPOSITORY), packed);
describe(new URL('docs/glyphs.md', REPOSITORY), { packed, families, classes: CLASSES, pictures: PICTURES });

/** PICTURES of every class in every family, each in a random place of the order. */
async function draw(someFamilies) {
  const drawn = [];
  for (const family of someFamilies) {
    for (const [label, character] of CLASSES.entries()) {
      const styles = shuffled(family.styles, `${family.id} ${character}`);
      for (let picture = 0; picture < PICTURES; picture++) {
        const style = styles[picture % styles.length];
        const { pixels, order } = await drawOne(family, style, character, picture);
        drawn.push({ pixels, order, label });
      }
    }
  }
  return drawn;
}

async function drawOne(family, style, character, picture) {
  const random = numbers(`${family.id} ${style.name} ${character} ${picture}`);
  const between = (low, high) => low + (high - low) * random();
  const coverage = await render(glyphOf(family, style, character), {
    height: between(15, 20),
    stretch: between(0.9, 1.1),
    x: between(-1, 1),
    y: between(-1, 1),
    blur: between(0, 0.7),
  });
  const ink = between(0.65, 1);
  // 16 levels, the multiples of 17, take half the room of 256.
  return { pixels: coverage.map((value) => 17 * Math.round((value * ink) / 17)), order: random() };
}

/** Uniform numbers in [0, 1) from SEED and a text: a block of SHA-256 holds five of 48 bits. */
function numbers(text) {
  let block = 0;
  let bytes;
  let at = 30;
  return () => {
    if (at === 30) {
      bytes = createHash('sha256').update(`${SEED} ${text} ${block}`).digest();
      block += 1;
      at = 0;
    }
    const value = bytes.readUIntBE(at, 6) / 2 ** 48;
    at += 6;
    return value;
  };
}

function shuffled(items, text) {
  const random = numbers(`styles ${text}`);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
