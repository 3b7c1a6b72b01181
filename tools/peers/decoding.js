#!/usr/bin/env node
// Sets what Gimbal reads of the images of decoding.py beside what Pillow does: node tools/peers/decoding.js FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from '../../dist/node/data/image-decoder.js';

const [folder] = process.argv.slice(2);
const { pillow, read } = JSON.parse(readFileSync(join(folder, 'pillow.json'), 'utf8'));
const others = [];
for (const { name, exif, shape, pixels } of read) {
  const file = readFileSync(join(folder, 'files', name));
  const { shape: own, values } = await decodeImage(file, 3, exif);
  const expected = Buffer.from(pixels, 'hex');
  const sameShape = own.height === shape[0] && own.width === shape[1];
  const largest = sameShape ? expected.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i])), 0) : '–';
  if (largest !== 0) others.push(`${name} (${exif}): off by ${largest}`);
}
const names = new Set(read.map(({ name }) => name));
console.log(`Pillow ${pillow}: ${names.size} files, each turned and as stored; byte for byte but for:`);
console.log(others.join('\n') || 'none');
