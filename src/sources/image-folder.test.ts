import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../data/source.ts';
import { openSource } from '../node/data/open.ts';

let root: string;
let png: Buffer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
  png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
});
afterAll(() => rm(root, { recursive: true }));

let trees = 0;

/** Writes a tree: `a -> b` is a link to b, `a/` an empty folder, anything else a file that holds an image. */
async function tree(...entries: string[]): Promise<string> {
  const top = join(root, `tree-${trees++}`);
  await mkdir(top);
  for (const entry of entries) {
    const [path, target] = entry.split(' -> ');
    const full = join(top, path);
    await mkdir(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (target !== undefined) await symlink(target, full);
    else if (!path.endsWith('/')) await writeFile(full, png);
  }
  return top;
}

async function open(top: string, split: 'test' | 'train' = 'test'): Promise<ImageSource> {
  const source = await openSource(top, { split });
  await source.close();
  return source;
}

const labelsOf = ({ labels = [] }: ImageSource): number[] => Array.from(labels);

const CLASSES = ['cat/1.png', 'cat/2.png', 'dog/1.png'];
const inSplit = (split: string): string[] => CLASSES.map((name) => `${split}/${name}`);

describe('folders of classes', () => {
  it.each<[string, string[], string]>([
    [
      'of systems',
      [
        '__MACOSX/cat/._1.png',
        '@eaDir/x.jpg',
        '.ipynb_checkpoints/1.png',
        'cat/@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg',
        'dog/.thumbnails/1.png',
      ],
      '5 hidden or system folders (.ipynb_checkpoints, @eaDir, __MACOSX, …)',
    ],
    ['of small copies', ['cat/thumbs/1.png'], '1 hidden or system folder (cat/thumbs)'],
    ['without images', ['annotations/1.xml', 'labels.txt', 'tmp/'], '2 folders without images (annotations, tmp)'],
    [
      'hidden files',
      ['cat/._1.png', 'cat/Thumbs.db', 'cat/.DS_Store'],
      '1 hidden file named like an image (cat/._1.png)',
    ],
    [
      'other formats',
      ['cat/3.bmp', 'dog/2.HEIC', 'dog/3.bmp'],
      '3 images in formats that are not read (.bmp, .heic; cat/3.bmp, dog/2.HEIC, dog/3.bmp)',
    ],
    ['loose images', ['cover.png'], '1 image that lies in no class folder'],
    [
      'links to above',
      ['cat/all -> ..', 'back -> .', 'dog/up -> ../..'],
      'links to what is there already or to nothing',
    ],
    [
      'links to siblings',
      ['cat/more -> ../dog', 'kitty -> cat', 'acat -> cat'],
      'links to what is there already or to nothing',
    ],
    [
      'links to images',
      ['cat/0.png -> 1.png', 'dog/0.png -> ../cat/1.png', 'dog/none.png -> nothing.png'],
      '3 links to what is there already or to nothing',
    ],
  ])('pass over what is none, and say so: %s', async (_, more, note) => {
    const source = await open(await tree(...CLASSES, ...more));
    expect([source.classNames, labelsOf(source)]).toEqual([
      ['cat', 'dog'],
      [0, 0, 1],
    ]);
    expect(source.notes).toEqual([expect.stringMatching(/^passed over: /)]);
    expect(source.notes![0]).toContain(note);
  });

  it('are links as well, and images links to a store', async () => {
    const store = await tree('cats/1.png', 'cats/2.png', 'x1');
    const source = await open(
      await tree(`cat -> ${store}/cats`, `dog/1.png -> ${store}/x1`, '.git/annex/a', 'dog/2.png -> ../.git/annex/a'),
    );
    expect(labelsOf(source)).toEqual([0, 0, 1, 1]);
    expect(source.notes).toEqual(['passed over: 1 hidden or system folder (.git)']);
  });

  it('end with links that lead to each other from every folder', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `c${at}`);
    const links = names.flatMap((one) =>
      names.filter((other) => other !== one).map((other) => `${one}/to-${other} -> ../${other}`),
    );
    const source = await open(await tree(...names.map((name) => `${name}/1.png`), ...links));
    expect(source.length).toBe(8);
  });

  it('pass over pipes without opening them', async () => {
    const top = await tree(...CLASSES);
    execFileSync('mkfifo', [join(top, 'cat/3.png')]);
    const source = await open(top);
    expect([source.length, source.notes]).toEqual([3, ['passed over: 1 pipe, socket or device (cat/3.png)']]);
  });

  it('lie one level deeper', async () => {
    const source = await open(
      await tree('data/set/cat/1.png', 'data/set/dog/1.png', 'data/readme.txt', 'annotations/1.xml'),
    );
    expect([source.classNames, source.notes?.[0]]).toEqual([['cat', 'dog'], 'images: read from data/set']);
  });

  it('may be named like a split', async () => {
    expect((await open(await tree('train/1.png', 'bus/1.png', 'car/1.png'))).classNames).toEqual([
      'bus',
      'car',
      'train',
    ]);
  });

  it('read TIFF, GIF, AVIF and JPEG by any name', async () => {
    const top = await tree('a/1.png', 'b/');
    const image = () => sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
    await image().tiff().toFile(join(top, 'a/2.tif'));
    await image().gif().toFile(join(top, 'a/3.gif'));
    await image().jpeg().toFile(join(top, 'a/4.jpg'));
    await writeFile(join(top, 'b/5.jfif'), await image().jpeg().toBuffer());
    await image().avif({ lossless: true }).toFile(join(top, 'b/6.avif'));
    const source = await openSource(top, { split: 'test' });
    const images = await source.read([0, 1, 2, 3, 4, 5]);
    for (const { pixels } of images) expect(Math.round(pixels[0] * 10) / 10).toBe(1);
    await source.close();
  });

  it('of formats alone that are not read are refused with their number', async () => {
    await expect(open(await tree('a/1.bmp', 'b/1.bmp'))).rejects.toThrow(
      /2 images in formats that are not read \(\.bmp\).*magick/,
    );
  });
});

describe('folders of splits', () => {
  it('lie among others', async () => {
    const top = await tree(
      ...inSplit('train'),
      ...inSplit('val'),
      'annotations/1.xml',
      'images/a.png',
      '__MACOSX/x',
      'x.png',
    );
    const source = await open(top);
    expect([source.name, source.length]).toEqual([expect.stringMatching(/ val$/), 3]);
    expect(source.notes).toEqual([
      'passed over: 1 hidden or system folder (__MACOSX); 2 folders beside those of the splits (annotations, ' +
        `images); 1 image that lies in no class folder (${source.name.slice(0, -4)})`,
    ]);
  });

  it('number the classes of all splits together', async () => {
    const top = await tree(
      'train/cat/1.png',
      'train/dog/1.png',
      'train/eel/1.png',
      'test/dog/1.png',
      'test/eel/1.png',
      'test/cat/',
      'val/fox/1.png',
    );
    const [test, train] = [await open(top), await open(top, 'train')];
    expect([test.classNames, labelsOf(test)]).toEqual([
      ['cat', 'dog', 'eel', 'fox'],
      [1, 2],
    ]);
    expect([train.classNames, labelsOf(train)]).toEqual([
      ['cat', 'dog', 'eel', 'fox'],
      [0, 1, 2],
    ]);
  });

  it('lie one level deeper, as do classes in them', async () => {
    const source = await open(await tree(...inSplit('data/train/train'), ...inSplit('data/test/images')));
    expect([source.classNames, source.length]).toEqual([['cat', 'dog'], 3]);
  });

  it('may be a link to another split', async () => {
    expect((await open(await tree(...inSplit('train'), ...inSplit('val'), 'test -> val'))).name).toMatch(/ val$/);
  });

  it.each<[string, string[], string, RegExp]>([
    [
      'images in no class folder',
      ['train/1.png', 'test/1.png', 'annotations/1.xml'],
      'no-classes',
      /2 images in test, train that lie in no class folder/,
    ],
    [
      'one split beside classes',
      ['train/a/1.png', 'cat/1.png'],
      'unclear-split',
      /train, named like a split.*\(cat\).*as 'data'/,
    ],
    ['the other split alone', inSplit('train'), 'missing-split', /it has train/],
  ])('are refused: %s', async (_, entries, code, message) => {
    const error = await open(await tree(...entries)).catch((reason) => reason);
    expect(error).toMatchObject({ issue: { code } });
    expect(error.message).toMatch(message);
  });
});
