import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idxFile } from '../testing/data-files.ts';
import { openSource, type OpenOptions } from '../node/data/open.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(() => rm(root, { recursive: true }));

const images = idxFile([2, 2, 2], [0, 255, 51, 102, 153, 204, 255, 0]);
const labels = idxFile([2], [7, 1]);
const cifar10 = (...classes: number[]) => Uint8Array.from(classes.flatMap((one) => [one, ...Array(3072).fill(5)]));
const cifar100 = (...classes: number[]) => Uint8Array.from(classes.flatMap((one) => [19, one, ...Array(3072).fill(5)]));

let trees = 0;
async function tree(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const top = join(root, `tree-${trees++}`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), content);
  }
  return top;
}

async function labelsIn(path: string, options: Partial<OpenOptions> = {}): Promise<number[]> {
  const source = await openSource(path, { split: 'test', ...options });
  const found = await source.read([0, 1]);
  await source.close();
  return found.map(({ label }) => label);
}

describe('folders of downloads', () => {
  it.each([
    [
      'torchvision',
      {
        'MNIST/raw/t10k-images-idx3-ubyte': images,
        'MNIST/raw/t10k-labels-idx1-ubyte': labels,
        'MNIST/raw/train-images-idx3-ubyte.gz': 'x',
      },
    ],
    [
      'packed and unpacked',
      {
        't10k-images-idx3-ubyte': images,
        't10k-images-idx3-ubyte.gz': gzipSync(images),
        't10k-labels-idx1-ubyte': labels,
      },
    ],
    [
      'folders called as files',
      {
        't10k-images.idx3-ubyte': images,
        't10k-labels.idx1-ubyte': labels,
        't10k-images-idx3-ubyte/t10k-images-idx3-ubyte': images,
      },
    ],
    ['the archive of CIFAR unpacked', { 'cifar-10-batches-bin/test_batch.bin': cifar10(7, 1) }],
    ['CIFAR-100', { 'a/b/test.bin': cifar100(7, 1) }],
    [
      'arrays',
      {
        'arrays/x_test.npy': npy('|u1', [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]),
        'arrays/y_test.npy': npy('|u1', [2], [7, 1]),
      },
    ],
  ])('are found: %s', async (_, files) => {
    expect(await labelsIn(await tree(files))).toEqual([7, 1]);
  });

  it.each<[string, Record<string, Uint8Array | string>, string, RegExp]>([
    [
      'several sets of EMNIST',
      { 'emnist-letters-test-images-idx3-ubyte': images, 'emnist-digits-test-images-idx3-ubyte.gz': images },
      'several-data-sets',
      /2 data sets: emnist-digits-test.*emnist-letters.*'data', as /,
    ],
    [
      'several downloads',
      { 'MNIST/raw/t10k-images-idx3-ubyte': images, 'FashionMNIST/raw/t10k-images-idx3-ubyte': images },
      'several-data-sets',
      /FashionMNIST\/raw.*MNIST\/raw.*Which one/,
    ],
    [
      'a Python CIFAR-10 that is cut',
      { 'cifar-10-batches-py/test_batch': Uint8Array.of(0x80, 2, 0x7d) },
      'cut-file',
      /test_batch: is a pickle that ends before its data do/,
    ],
    [
      'SVHN',
      { 'train_32x32.mat': '', 'test_32x32.mat': '' },
      'foreign-format',
      /2 files such as test_32x32\.mat, a Matlab file/,
    ],
    ['no data', { 'readme.md': '' }, 'empty-data', /no images/],
  ])('are named for what they are: %s', async (_, files, code, message) => {
    const error = await labelsIn(await tree(files)).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });
});

describe('files under other names', () => {
  it.each<[string, Uint8Array]>([
    ['cifar10_test.bin', cifar10(7, 1)],
    ['test.bin', cifar10(7, 1)],
    ['test_batch.bin', cifar100(7, 1)],
    ['batch', cifar10(7, 1)],
    ['batch.bin.gz', gzipSync(cifar100(7, 1))],
  ])('are CIFAR by their content: %s', async (name, content) => {
    expect(await labelsIn(join(await tree({ [name]: content }), name))).toEqual([7, 1]);
  });

  it.each<[string, Uint8Array]>([
    ['digits.bin', images],
    ['digits', gzipSync(images)],
    ['digits.dat', npy('|u1', [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7])],
  ])('are arrays by their content, with --labels: %s', async (name, content) => {
    const top = await tree({ [name]: content, classes: name.endsWith('dat') ? npy('|u1', [2], [7, 1]) : labels });
    expect(await labelsIn(join(top, name), { labels: join(top, 'classes') })).toEqual([7, 1]);
  });

  it.each([
    ['labels', labels, 'unknown-data', /holds labels in the IDX format.*'labels'/],
    [
      'test_batch',
      Uint8Array.of(0x80, 2, 0x7d, 0x2e),
      'foreign-format',
      /a pickle, and not one of CIFAR's.*numpy\.savez/,
    ],
    ['data.h5', 'x', 'foreign-format', /HDF5.*numpy\.savez/],
    ['images.zip', 'x', 'foreign-format', /ZIP.*Unpack/],
    ['val.txt', 'x', 'foreign-format', /CSV file with the columns path,label/],
    ['cut.bin', 'x', 'wrong-size', /1 bytes/],
  ])('are named for what they are: %s', async (name, content, code, message) => {
    const error = await labelsIn(join(await tree({ [name]: content }), name)).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'misuse', issue: { code } });
    expect(error.message).toMatch(message);
  });
});

/** A NumPy file of bytes. */
function npy(type: string, shape: readonly number[], values: readonly number[]): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = text.padEnd(118 - 1) + '\n';
  const head = Buffer.alloc(10);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header), Buffer.from(values)]);
}
