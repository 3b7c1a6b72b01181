import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditOf } from '../data/edit.ts';
import { refuseFaults } from '../data/unreadable.ts';
import { openSource } from '../node/data/open.ts';
import type { OpenOptions } from '../node/data/open.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(() => rm(root, { recursive: true }));

async function put(path: string, content: Uint8Array | string): Promise<void> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
}

const open = (path: string, options: Partial<OpenOptions> = {}) =>
  openSource(join(root, path), { split: 'test', ...options });
const bytesOf = (pixels: Float32Array) => [...pixels].map((value) => Math.round(value * 255));

/** An encoded image of the given pixels, row by row. */
const image = (width: number, height: number, channels: 1 | 2 | 3 | 4, values: number[]) =>
  sharp(Uint8Array.from(values), { raw: { width, height, channels } }).toColourspace(channels < 3 ? 'b-w' : 'srgb');
const flat = (colour: number[], width = 4, height = 3) =>
  image(
    width,
    height,
    colour.length as 1 | 3,
    Array(width * height)
      .fill(colour)
      .flat(),
  );

describe('a folder of images by class', () => {
  it('numbers classes by name and reads JPEG, PNG and WebP at any depth', async () => {
    await put('mixed/dog/b.webp', await flat([0, 0, 250]).webp({ lossless: true }).toBuffer());
    await put('mixed/dog/a/deep.PNG', await flat([0, 250, 0]).png().toBuffer());
    await put(
      'mixed/cat/x.jpeg',
      await flat([250, 0, 0]).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    await put('mixed/cat/notes.txt', 'not an image');
    await put('mixed/bird/.hidden.png', 'not an image');
    const source = await open('mixed');
    expect(source).toMatchObject({
      name: 'mixed',
      length: 3,
      classes: 2,
      classNames: ['cat', 'dog'],
      labelling: { by: 'names', unit: 'folders', empty: ['bird'] },
      notes: ['passed over: 1 hidden file named like an image (bird/.hidden.png); 1 folder without images (bird)'],
      shape: { channels: 3, height: 3, width: 4 },
    });
    const images = await source.read([0, 1, 2]);
    expect(images.map(({ index, label }) => [index, label])).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ]);
    expect(bytesOf(images[1].pixels)).toEqual([...Array(12).fill(0), ...Array(12).fill(250), ...Array(12).fill(0)]);
    expect(bytesOf(images[2].pixels)).toEqual([...Array(24).fill(0), ...Array(12).fill(250)]);
    expect(Math.abs(images[0].pixels[0] * 255 - 250)).toBeLessThan(3);
    expect(images[0].pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    await source.close();
    await put('mixed/bird/new.png', await flat([1, 2, 3]).png().toBuffer());
    expect((await open('mixed')).fingerprint).not.toBe(source.fingerprint);
  });

  it('takes the folder of the split above the classes', async () => {
    const png = await flat([1, 2, 3]).png().toBuffer();
    await put('splits/train/a/1.png', png);
    await put('splits/train/a/2.png', png);
    await put('splits/val/a/1.png', png);
    expect(await open('splits', { split: 'train' })).toMatchObject({ name: 'splits train', length: 2 });
    expect(await open('splits')).toMatchObject({ name: 'splits val', length: 1 });
    await put('only/train/a/1.png', png);
    await expect(open('only')).rejects.toThrow(/no folder of classes for the test split; it has train/);
    await put('loose/1.png', png);
    await expect(open('loose')).rejects.toThrow(/has 1 images that lie in no class folder/);
  });

  it('turns images upright, drops transparency and reads 16 bits', async () => {
    const ramp = [10, 20, 30, 40, 50, 60];
    const colour = ramp.flatMap((value) => [value, value + 1, value + 2]);
    await put('odd/a/1-upright.png', await image(2, 3, 3, colour).png().toBuffer());
    // Orientation 6: turn a quarter clockwise to see it upright. Stored 3 wide, 2 high; columns become rows, bottom
    // first.
    const turned = [20, 40, 60, 10, 30, 50].flatMap((value) => [value, value + 1, value + 2]);
    await put(
      'odd/a/2-turned.webp',
      await image(3, 2, 3, turned).webp({ lossless: true }).withMetadata({ orientation: 6 }).toBuffer(),
    );
    await put(
      'odd/a/3-alpha.png',
      await image(
        2,
        3,
        4,
        ramp.flatMap((value) => [value, value + 1, value + 2, 128]),
      )
        .png()
        .toBuffer(),
    );
    const deep = Uint16Array.from(colour, (value) => value * 257);
    await put(
      'odd/a/4-deep.png',
      await sharp(deep, { raw: { width: 2, height: 3, channels: 3 } })
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
    );
    const source = await open('odd');
    const expected = [0, 1, 2].flatMap((channel) => ramp.map((value) => value + channel));
    const images = await source.read([0, 1, 2, 3]);
    expect(bytesOf(images[0].pixels)).toEqual(expected);
    expect(bytesOf(images[2].pixels)).toEqual(expected);
    expect(bytesOf(images[3].pixels)).toEqual(expected);
    const rows = [10, 20, 30, 40, 50, 60];
    expect(bytesOf(images[1].pixels)).toEqual([0, 1, 2].flatMap((channel) => rows.map((value) => value + channel)));
    await source.close();
  });

  it('takes photographs as they are stored where it is told to', async () => {
    const source = await open('odd', { exif: 'ignore', skipUnreadable: true });
    expect(source.shape).toEqual({ channels: 3, height: 3, width: 2 });
    await expect(source.read([1])).rejects.toThrow(/2-turned\.webp: images are 3×2×3/);
    await source.close();
  });

  it('reads the four inks of print as Pillow does', async () => {
    // Saved by Pillow: one colour, 161, 59, 109, 39 as it comes back; convert('RGB') makes 80, 166, 124 of it.
    const inks =
      '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlw' +
      'ZHhcZWdj/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAYEBf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMA' +
      'TQBZAEsAAD8AziJSWP/Z';
    await put('inks/a/1.jpg', Buffer.from(inks, 'base64'));
    const [{ pixels }] = await (await open('inks')).read([0]);
    expect(bytesOf(pixels)).toEqual([80, 166, 124].flatMap((value) => Array(64).fill(value)));
  });

  it('knows grey data sets from colour ones, in which grey images are repeated', async () => {
    await put('grey/a/1.png', await flat([7]).png().toBuffer());
    const grey = await open('grey');
    expect(grey.shape.channels).toBe(1);
    expect(bytesOf((await grey.read([0]))[0].pixels)).toEqual(Array(12).fill(7));
    await expect(open('grey', { shape: { channels: 3, height: 3, width: 4 } })).rejects.toThrow(/colour: 'rgb'/);
    await put('some/a/1.png', await flat([7]).png().toBuffer());
    await put('some/a/2.png', await flat([1, 2, 3]).png().toBuffer());
    const some = await open('some');
    expect(some.shape.channels).toBe(3);
    expect(bytesOf((await some.read([0]))[0].pixels)).toEqual(Array(36).fill(7));
    await expect(open('some', { shape: { channels: 1, height: 3, width: 4 } })).rejects.toThrow(/colour: 'grey'/);
    const asGrey = await open('some', { shape: { channels: 1, height: 3, width: 4 }, colour: 'grey' });
    expect(bytesOf((await asGrey.read([0]))[0].pixels)).toEqual(Array(12).fill(7));
  });

  it('names an image of another size, and the option that helps', async () => {
    await put('sizes/a/1.png', await flat([1, 2, 3], 8, 6).png().toBuffer());
    await put('sizes/a/2.png', await flat([1, 2, 3], 6, 9).png().toBuffer());
    const source = await open('sizes');
    await expect(source.read([0, 1])).rejects.toThrow(/2\.png: images are 3×9×6.*the first image is 3×6×8/);
    await expect(open('sizes', { shape: { channels: 3, height: 6, width: 6 } })).rejects.toThrow(
      /3×6×8.*takes 3×6×6.*resize: 6.*crop: 6/,
    );
    const cut = await open('sizes', { shape: { channels: 3, height: 6, width: 6 }, resize: 6 });
    expect((await cut.read([0, 1])).map(({ pixels }) => pixels.length)).toEqual([108, 108]);
  });
});

describe('images that cannot be read', () => {
  const names = ['1.png', '2.png', '3.png', '4.png'];
  beforeAll(async () => {
    const png = await image(
      32,
      32,
      3,
      Array.from({ length: 3072 }, (_, at) => (at * 97) % 256),
    )
      .png()
      .toBuffer();
    for (const name of names) await put(`broken/a/${name}`, png);
    await put('broken/a/2.png', png.subarray(0, png.length / 2));
    await put('broken/a/3.png', 'text');
  });

  it('are named: those without an image at their head on opening, others when they are read', async () => {
    const source = await open('broken');
    expect(source.faults).toMatchObject([{ position: 2, path: join(root, 'broken/a/3.png') }]);
    expect(() => refuseFaults(source)).toThrow(/3\.png: cannot be read as an image .*'skip-unreadable'/);
    expect((await source.read([0])).length).toBe(1);
    await expect(source.read([1])).rejects.toThrow(/2\.png: cannot be read as an image .*'skip-unreadable'/);
    await expect(source.read([2])).rejects.toThrow(/3\.png: cannot be read/);
  });

  it('are left out and counted once when asked', async () => {
    const source = await open('broken', { skipUnreadable: true });
    expect(source.length).toBe(4);
    expect(source.skipped).toEqual([]);
    for (let time = 0; time < 2; time++) {
      expect((await source.read([0, 1])).map(({ index }) => index)).toEqual([0]);
      expect((await source.read([2, 3])).map(({ index }) => index)).toEqual([3]);
    }
    expect(source.skipped?.map(({ position, path }) => [position, path])).toEqual(
      [1, 2].map((at) => [at, join(root, 'broken/a', names[at])]),
    );
    expect(source.skipped?.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it('change the fingerprint with any byte, also of a file of the same size and times', async () => {
    const path = join(root, 'broken/a/1.png');
    const before = await open('broken');
    const { atime, mtime } = await stat(path);
    const bytes = await readFile(path);
    const other = Buffer.from(bytes);
    other[other.length - 1] ^= 1;
    await writeFile(path, other);
    await utimes(path, atime, mtime);
    const after = await open('broken');
    expect(after.fingerprint).not.toBe(before.fingerprint);
    const known = createHash('sha256').update(bytes).digest('hex');
    expect(after.fingerprintWith?.(new Map([[0, known]]))).toBe(before.fingerprint);
    await expect(before.read([0])).rejects.toMatchObject({ kind: 'failure', issue: { code: 'data-changed' } });
    await writeFile(path, bytes);
    expect((await open('broken')).fingerprint).toBe(before.fingerprint);
  });

  it('are refused at once where none can be read', async () => {
    await put('hopeless/a/1.png', 'text');
    await expect(open('hopeless', { skipUnreadable: true })).rejects.toThrow(
      /none of its images can be read; the first is .*1\.png/,
    );
  });
});

describe('a manifest', () => {
  beforeAll(async () => {
    for (const name of ['red', 'green'])
      await put(
        `list/${name}.png`,
        await flat(name === 'red' ? [9, 0, 0] : [0, 9, 0])
          .png()
          .toBuffer(),
      );
  });

  it('lists images with class numbers, relative to itself', async () => {
    await put('list/numbers.csv', '\ufefflabel, path ,note\r\n3,red.png,x\r\n0,"green.png",y\r\n3,red.png,x\r\n');
    const source = await open('list/numbers.csv');
    expect(source).toMatchObject({ name: 'numbers.csv', length: 3, classes: 4 });
    const images = await source.read([0, 1, 2]);
    expect(images.map(({ label, pixels }) => [label, bytesOf(pixels)[0]])).toEqual([
      [3, 9],
      [0, 0],
      [3, 9],
    ]);
  });

  it('lists images with class names, numbered in order', async () => {
    await put('list/names.csv', 'path,label\nred.png,warm\ngreen.png,cold\n');
    const source = await open('list/names.csv');
    expect(source.classNames).toEqual(['cold', 'warm']);
    expect((await source.read([0, 1])).map(({ label }) => label)).toEqual([1, 0]);
  });

  it.each([
    ['red.png,1\n', 'malformed-manifest', /first line \(red.png,1\) names no column path or label/],
    ['', 'malformed-manifest', /first line \(empty\)/],
    ['path,label\nred.png\n', 'malformed-manifest', /line 2/],
    ['path,label\nred.png,\n', 'malformed-label', /line 2: has no label/],
    ['path,label\nred.png,-1\n', 'malformed-label', /line 2: has label -1/],
    ['path,label\nred.png,1.5\n', 'malformed-label', /line 2: has the label "1.5", which is no whole number/],
    ['path,label\nblue.png,1\n', 'unreadable-image', /none of its images can be read; the first is .*blue\.png/],
  ])('%j is refused', async (content, code, message) => {
    await put('list/bad.csv', content);
    const error = await open('list/bad.csv').catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });
});

describe('images that training edits', () => {
  /** Red above, blue below, 8 wide and 6 high, and a green image of another size. */
  async function photographs(folder: string): Promise<void> {
    const halves = Array.from({ length: 48 }, (_, i) => (i < 24 ? [250, 0, 0] : [0, 0, 250])).flat();
    await put(`${folder}/a/1.png`, await image(8, 6, 3, halves).png().toBuffer());
    await put(`${folder}/b/2.png`, await flat([0, 200, 0], 5, 9).png().toBuffer());
    await put(`${folder}/b/3.png`, await flat([10, 20, 30], 7, 7).png().toBuffer());
  }
  const still = { mirrored: false, right: 0, down: 0, colours: [] };
  const sizes: [number, number, number][] = [];
  const editOf: EditOf = (index, { height, width }) => {
    sizes.push([index, height, width]);
    return index === 2
      ? still
      : { ...still, part: { top: height - 2, left: 0, height: 2, width: 3 }, light: [0, 0.1, 0] };
  };

  it.each([0, 2])('are cut from the files as they lie there, with %i threads', async (decoders) => {
    await photographs(`edited-${decoders}`);
    const source = await open(`edited-${decoders}`, { resize: 5, crop: 4, decoders });
    sizes.length = 0;
    const images = await source.readEdited!([0, 1, 2], editOf);
    expect(sizes).toEqual([
      [0, 6, 8],
      [1, 9, 5],
      [2, 7, 7],
    ]);
    const colour = (pixels: Float32Array) => [0, 16, 32].map((at) => Math.round(pixels[at] * 255 * 10) / 10);
    // The lowest two rows of the first are blue; light adds 25.5 of 255 to green.
    expect(images.map(({ pixels }) => colour(pixels))).toEqual([
      [0, 25.5, 250],
      [0, 225.5, 0],
      [10, 20, 30],
    ]);
    expect(images.map(({ label, file }) => [label, file])).toEqual([
      [0, 'a/1.png'],
      [1, 'b/2.png'],
      [1, 'b/3.png'],
    ]);
    const [plain] = await source.read([0]);
    expect(colour(plain.pixels)).toEqual([250, 0, 0]);
    await source.close();
  });

  it('that are damaged or changed are told of by threads as without them', async () => {
    await photographs('threads');
    await put('threads/a/0.png', (await flat([1, 2, 3], 40, 40).png().toBuffer()).subarray(0, 90));
    const refusing = await open('threads', { resize: 5, crop: 4, decoders: 1 });
    await expect(refusing.readEdited!([0], () => still)).rejects.toMatchObject({ issue: { code: 'unreadable-image' } });
    await refusing.close();
    const source = await open('threads', { resize: 5, crop: 4, decoders: 1, skipUnreadable: true });
    expect((await source.readEdited!([0, 1], () => still)).map(({ index }) => index)).toEqual([1]);
    expect(source.skipped).toMatchObject([{ position: 0 }]);
    await put('threads/b/2.png', await flat([0, 0, 0], 5, 9).png().toBuffer());
    await expect(source.readEdited!([2], () => still)).rejects.toMatchObject({ issue: { code: 'data-changed' } });
    await source.close();
  });
});
