import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeGlyphs } from './decode.ts';
import type { Glyphs } from './decode.ts';
import { glyphSource } from './source.ts';

const repository = new URL('../../../', import.meta.url);
const packed = new Uint8Array(readFileSync(new URL('data/glyphs.npz', repository)));
const families = JSON.parse(readFileSync(new URL('tools/glyphs/families.json', repository), 'utf8')) as Record<
  'train' | 'test',
  Record<string, string[]>
>;
const PIXELS = 28 * 28;

describe('the built-in data set', () => {
  let train: Glyphs;
  let test: Glyphs;
  beforeAll(async () => {
    [train, test] = await Promise.all([decodeGlyphs(packed, 'train'), decodeGlyphs(packed, 'test')]);
  });

  it('is the file of the card, and no more than 3 MB', () => {
    const checksum = createHash('sha256').update(packed).digest('hex');
    const card = readFileSync(new URL('docs/glyphs.md', repository), 'utf8');
    expect(/SHA-256 `([0-9a-f]{64})`/.exec(card)?.[1]).toBe(checksum);
    expect(packed.length).toBeLessThanOrEqual(3_000_000);
  });

  it('holds each class equally often: five pictures for each family of the split', () => {
    for (const [split, { images, labels, classNames }] of [
      ['train', train],
      ['test', test],
    ] as const) {
      const counts = new Array<number>(classNames.length).fill(0);
      for (const label of labels) counts[label] += 1;
      expect(new Set(counts)).toEqual(new Set([5 * Object.values(families[split]).flat().length]));
      expect(images.length).toBe(labels.length * PIXELS);
    }
  });

  it('names twenty-eight different characters', () => {
    expect(train.classNames.join('')).toBe('234789ACDEFGHJKLMPQRSTUVWXYZ');
    expect(test.classNames).toEqual(train.classNames);
  });

  it('shares no font family between train and test', () => {
    const [one, other] = [families.train, families.test].map((split) => Object.values(split).flat());
    expect(new Set([...one, ...other]).size).toBe(one.length + other.length);
  });

  it('shares no picture between train and test', () => {
    const keys = ({ images, labels }: Glyphs) =>
      Array.from(labels, (_, at) => Buffer.from(images.subarray(at * PIXELS, (at + 1) * PIXELS)).toString('latin1'));
    const seen = new Set(keys(train));
    expect(keys(test).filter((key) => seen.has(key))).toEqual([]);
  });

  it('is mixed: the first tenth of a split holds every class', () => {
    for (const { labels } of [train, test]) expect(new Set(labels.subarray(0, labels.length / 10)).size).toBe(28);
  });

  it('keeps the glyph off the border and its brightest pixel well above black', () => {
    for (const { images, labels } of [train, test]) {
      for (let at = 0; at < labels.length; at++) {
        const image = images.subarray(at * PIXELS, (at + 1) * PIXELS);
        const corners = [image[0], image[27], image[PIXELS - 28], image[PIXELS - 1]];
        expect(Math.max(...corners)).toBe(0);
        expect(Math.max(...image)).toBeGreaterThanOrEqual(68);
      }
    }
  });

  it('reads as a source of images', async () => {
    const source = await glyphSource(packed, 'test');
    expect(source).toMatchObject({
      name: 'glyphs test',
      length: test.labels.length,
      classes: 28,
      shape: { channels: 1, height: 28, width: 28 },
    });
    const [image] = await source.read([17]);
    expect(image).toMatchObject({ index: 17, label: test.labels[17] });
    expect(Array.from(image.pixels, (value) => Math.round(value * 255))).toEqual([
      ...test.images.subarray(17 * PIXELS, 18 * PIXELS),
    ]);
    expect(source.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect((await glyphSource(packed, 'train')).fingerprint).not.toBe(source.fingerprint);
  });

  it('says what to do when the file is damaged', async () => {
    await expect(decodeGlyphs(packed.subarray(0, 1000), 'test')).rejects.toMatchObject({
      kind: 'failure',
      issue: { code: 'damaged-file', advice: 'Install gimbal again.' },
    });
    await expect(decodeGlyphs(zipSync({}), 'test')).rejects.toThrow('test_images.npy is missing');
  });
});
