import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../data/source.ts';
import { openSource } from '../node/data/open.ts';
import type { OpenOptions } from '../node/data/open.ts';

let root: string;
const opened: ImageSource[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(async () => {
  await Promise.all(opened.map((source) => source.close()));
  await rm(root, { recursive: true });
});

async function put(path: string, content: Uint8Array | string): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

async function open(path: string, options: Partial<OpenOptions> = {}): Promise<ImageSource> {
  const source = await openSource(join(root, path), { split: 'test', ...options });
  opened.push(source);
  return source;
}

function idx(dimensions: number[], values: number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  dimensions.forEach((size, at) => header.writeUInt32BE(size, 4 + 4 * at));
  return Buffer.concat([header, Buffer.from(values)]);
}

const PIXELS = [0, 255, 51, 102, 153, 204, 255, 0];
const cifarRecords = (...labels: number[]) =>
  Uint8Array.from(labels.flatMap((label) => [label, ...Array(3072).fill(label * 20)]));

describe('IDX files', () => {
  it('are read plain or gzipped, with one fingerprint', async () => {
    const files = { 't10k-images-idx3-ubyte': idx([2, 2, 2], PIXELS), 't10k-labels-idx1-ubyte': idx([2], [7, 1]) };
    for (const [name, content] of Object.entries(files)) {
      await put(`plain/${name}`, content);
      await put(`packed/${name}.gz`, gzipSync(content));
    }
    const plain = await open('plain');
    expect(plain).toMatchObject({
      name: 'plain test',
      length: 2,
      classes: 8,
      shape: { channels: 1, height: 2, width: 2 },
    });
    const [second, first] = await plain.read([1, 0]);
    expect([second.index, second.label, ...second.pixels].map((value) => Math.fround(value))).toEqual(
      [1, 1, 0.6, 0.8, 1, 0].map(Math.fround),
    );
    expect(first.label).toBe(7);
    const packed = await open('packed');
    expect(packed.fingerprint).toBe(plain.fingerprint);
    expect(await packed.read([0, 1])).toEqual([first, second]);
    expect((await open('packed/t10k-images-idx3-ubyte.gz')).fingerprint).toBe(plain.fingerprint);
    await put('plain/t10k-labels-idx1-ubyte', idx([2], [7, 2]));
    expect((await open('plain')).fingerprint).not.toBe(plain.fingerprint);
  });

  it.each<[string, Record<string, Uint8Array | string>, string, RegExp]>([
    [
      'cut archive',
      { 't10k-images-idx3-ubyte.gz': gzipSync(idx([2, 2, 2], PIXELS)).subarray(0, 25) },
      'cut-file',
      /t10k-images.*ends before/,
    ],
    [
      'damaged archive',
      { 't10k-images-idx3-ubyte.gz': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff) },
      'damaged-file',
      /cannot be unpacked/,
    ],
    [
      'no labels',
      { 't10k-images-idx3-ubyte': idx([2, 2, 2], PIXELS) },
      'missing-labels',
      /t10k-labels-idx1-ubyte, plain or .gz.*'labels'/,
    ],
    [
      'other count',
      { 't10k-images-idx3-ubyte': idx([2, 2, 2], PIXELS), 't10k-labels-idx1-ubyte': idx([3], [0, 1, 2]) },
      'count-mismatch',
      /3 labels.*2 images/,
    ],
    [
      'labels swapped',
      { 't10k-images-idx3-ubyte': idx([2], [0, 1]), 't10k-labels-idx1-ubyte': idx([2], [0, 1]) },
      'array-shape',
      /dimensions 2;/,
    ],
    ['other split', { 'train-images-idx3-ubyte': idx([2, 2, 2], PIXELS) }, 'missing-split', /no test images/],
    [
      'empty',
      { 't10k-images-idx3-ubyte': idx([0, 2, 2], []), 't10k-labels-idx1-ubyte': idx([0], []) },
      'empty-data',
      /no images/,
    ],
    ['not IDX', { 't10k-images-idx3-ubyte': 'hello' }, 'wrong-format', /68 65 6c 6c/],
  ])('are refused: %s', async (name, files, code, message) => {
    for (const [file, content] of Object.entries(files)) await put(`idx ${name}/${file}`, content);
    const error = await open(`idx ${name}`).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });

  it('of a model of another shape are refused unless converted', async () => {
    const shape = { channels: 3, height: 4, width: 4 };
    await put('small/t10k-images-idx3-ubyte', idx([2, 2, 2], PIXELS));
    await put('small/t10k-labels-idx1-ubyte', idx([2], [7, 1]));
    await expect(open('small', { shape })).rejects.toThrow(/1×2×2.*3×4×4.*colour: 'rgb'.*resize: 4/);
    const source = await open('small', { shape, colour: 'rgb', resize: 4 });
    expect(source.shape).toEqual(shape);
    expect((await source.read([0]))[0].pixels.length).toBe(48);
  });
});

describe('CIFAR batches', () => {
  const files = {
    'data_batch_2.bin': cifarRecords(3, 4),
    'data_batch_1.bin': cifarRecords(1, 2),
    'test_batch.bin': cifarRecords(9),
  };

  it('are read from a folder or an archive, in order, with one fingerprint', async () => {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) {
      await put(`cifar/${name}`, content);
      tar.entry({ name: `cifar-10-batches-bin/${name}` }, Buffer.from(content));
    }
    tar.entry({ name: 'cifar-10-batches-bin/readme.html' }, 'text');
    tar.finalize();
    const pieces: Uint8Array[] = [];
    for await (const piece of tar) pieces.push(piece as Uint8Array);
    const archive = gzipSync(Buffer.concat(pieces));
    await put('cifar.tar.gz', archive);
    for (const place of ['cifar', 'cifar.tar.gz']) {
      const train = await open(place, { split: 'train' });
      expect(train).toMatchObject({
        name: `${place} train`,
        length: 4,
        classes: 10,
        shape: { channels: 3, height: 32, width: 32 },
      });
      expect(train.classNames?.[3]).toBe('cat');
      const images = await train.read([3, 0, 1, 2]);
      expect(images.map(({ index, label, pixels }) => [index, label, Math.round(pixels[3071] * 255)])).toEqual([
        [3, 4, 80],
        [0, 1, 20],
        [1, 2, 40],
        [2, 3, 60],
      ]);
      expect((await open(place)).length).toBe(1);
    }
    expect((await open('cifar')).fingerprint).toBe((await open('cifar.tar.gz')).fingerprint);
    expect((await open('cifar')).fingerprint).not.toBe((await open('cifar', { split: 'train' })).fingerprint);
    await put('cut.tar.gz', archive.subarray(0, archive.length - 20));
    await expect(open('cut.tar.gz')).rejects.toThrow(/cut.tar.gz: ends before its packed data does/);
  });

  it('are refused when cut, of other splits, or with labels outside the classes', async () => {
    await put('cut cifar/test_batch.bin', cifarRecords(1).subarray(0, 3000));
    await expect(open('cut cifar')).rejects.toThrow(/has 3000 bytes, which is not a whole number/);
    await expect(open('cut cifar', { split: 'train' })).rejects.toThrow(/no train batches/);
    await put('labels/test_batch.bin', cifarRecords(1, 10));
    await expect(open('labels')).rejects.toThrow(
      /test_batch.bin: image 1 has label 10; labels are whole numbers from 0 to 9/,
    );
    await put('text.tar.gz', 'no archive');
    await expect(open('text.tar.gz')).rejects.toThrow(/text.tar.gz: cannot be unpacked/);
  });
});

describe('anything else', () => {
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['unknown', async () => {}, 'unknown-data', /neither the name.*fashion-mnist.*path,label/],
    ['strange.xyz', () => put('strange.xyz', 'x'), 'unknown-data', /no kind that is understood/],
    ['nothing', () => mkdir(join(root, 'nothing')), 'empty-data', /is empty/],
    ['text only', () => put('text only/readme.txt', 'x'), 'empty-data', /holds no images that can be read/],
    ['empty.csv', () => put('empty.csv', 'path,label\n'), 'empty-data', /lists no images/],
  ])('is refused: %s', async (path, prepare, code, message) => {
    await prepare();
    const error = await open(path).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });

  it('leaves no temporary files behind, whether it opens or fails', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(root, 'temporary');
    await mkdir(process.env.TMPDIR);
    try {
      await put('kept/t10k-images-idx3-ubyte.gz', gzipSync(idx([2, 2, 2], PIXELS)));
      await expect(open('kept')).rejects.toThrow('no labels');
      await put('kept/t10k-labels-idx1-ubyte.gz', gzipSync(idx([2], [7, 1])));
      const source = await openSource(join(root, 'kept'), { split: 'test' });
      await source.close();
      expect(await readdir(process.env.TMPDIR)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it('refuses labels for data that has its own', async () => {
    await expect(open('plain', { labels: 'x.npy' })).rejects.toMatchObject({
      issue: { code: 'unused-option', subject: "'labels'" },
    });
  });

  it('stops at once when told to before it starts', async () => {
    await expect(open('plain', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([{ resize: 0 }, { crop: 1.5 }, { resize: { height: 4, width: -1 } }])(
    'refuses sizes such as %o',
    async (options) => {
      await expect(open('plain', options)).rejects.toMatchObject({ issue: { code: 'malformed-size' } });
    },
  );
});

const shared = resolve(process.env.GIMBAL_SHARED ?? '../shared');
describe.skipIf(!existsSync(join(shared, 'data')))('real data (needs ../shared, or GIMBAL_SHARED)', () => {
  it('MNIST has its known first labels and mean', async () => {
    const source = await openSource(join(shared, 'data/mnist'), {
      split: 'test',
      shape: { channels: 1, height: 28, width: 28 },
    });
    opened.push(source);
    expect([source.length, source.classes]).toEqual([10_000, 10]);
    const images = await source.read([...Array(10_000).keys()]);
    // The first labels stand on the MNIST page; the mean of the test images is 0.1325 (0.1307 of the training images).
    expect(images.slice(0, 5).map(({ label }) => label)).toEqual([7, 2, 1, 0, 4]);
    const sum = images.reduce((total, { pixels }) => total + pixels.reduce((part, value) => part + value, 0), 0);
    expect(sum / (10_000 * 784)).toBeCloseTo(0.1325, 4);
  });

  it('the ImageNet sample has a class for each folder', async () => {
    const shape = { channels: 3, height: 224, width: 224 };
    const source = await openSource(join(shared, 'data/imagenet-sample'), { split: 'test', shape, crop: 224 });
    opened.push(source);
    expect([source.length, source.classes, source.classNames?.[0]]).toEqual([1000, 1000, 'n01440764']);
    const images = await source.read([0, 1, 999]);
    expect(images.map(({ index, label }) => [index, label])).toEqual([
      [0, 0],
      [1, 1],
      [999, 999],
    ]);
  });
});
