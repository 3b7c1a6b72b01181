import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GLYPHS_FILE } from './glyphs-file.ts';
import { openSource } from './open.ts';

describe('the source glyphs', () => {
  it('opens by name, without files or network, with names of classes', async () => {
    const source = await openSource('glyphs', { split: 'test' });
    expect(source).toMatchObject({
      name: 'glyphs test',
      length: 4060,
      classes: 28,
      shape: { channels: 1, height: 28, width: 28 },
    });
    expect(source.classNames).toContain('7');
    expect((await openSource('glyphs', { split: 'train' })).length).toBe(20020);
  });

  it('takes the options of any data set', async () => {
    const source = await openSource('glyphs', {
      split: 'test',
      colour: 'rgb',
      resize: 32,
      shape: { channels: 3, height: 32, width: 32 },
    });
    const [image] = await source.read([0]);
    expect(image.pixels.length).toBe(3 * 32 * 32);
    await expect(
      openSource('glyphs', { split: 'test', shape: { channels: 3, height: 32, width: 32 } }),
    ).rejects.toMatchObject({ issue: { code: 'image-shape' } });
  });

  it('holds the images and labels that any reader of .npz finds in the packed file', async () => {
    const [one, other] = await Promise.all([
      openSource('glyphs', { split: 'test' }),
      openSource(GLYPHS_FILE, { split: 'test' }),
    ]);
    const positions = [0, 1, 2000, 4059];
    expect(await one.read(positions)).toEqual(await other.read(positions));
    await other.close();
  });

  it('is in the list of files that the package ships', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
    expect(manifest.files).toContain('data');
    expect(relative(root, GLYPHS_FILE)).toBe(join('data', 'glyphs.npz'));
  });
});
