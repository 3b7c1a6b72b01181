import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSource } from '../node/data/open.ts';
import { idxFile, npyFile } from '../testing/data-files.ts';
import { greyPng, temporaryTrees } from '../testing/data-tree.ts';
import { memoryData } from '../testing/memory-data.ts';
import type { ImageSource } from '../data/source.ts';
import { openSourceOn } from './open.ts';

const writeTree = temporaryTrees();
const [dark, light] = await Promise.all([greyPng(10), greyPng(200)]);
const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);

async function contentOf(source: ImageSource): Promise<unknown> {
  const { name, length, classNames, labelling, notes, fingerprint } = source;
  const images = await source.read(Array.from({ length }, (_, at) => at));
  await source.close();
  return { name, classNames, present: labelling?.present, notes, fingerprint, images };
}

it.each<[string, Record<string, Uint8Array>]>([
  ['class folders', { 'cat/1.png': dark, 'dog/1.png': light, 'dog/2.png': dark, 'none/readme.txt': text('') }],
  ['splits', { 'train/cat/1.png': dark, 'val/cat/1.png': light, 'val/dog/2.png': dark }],
  [
    'a list of another folder',
    { 'data/a.png': dark, 'data/b.png': light, 'metadata.csv': text('file_name,label\ndata/b.png,1\ndata/a.png,0\n') },
  ],
  ['IDX', { 't10k-images-idx3-ubyte': idxFile([2, 1, 1], [3, 4]), 't10k-labels-idx1-ubyte': idxFile([2], [1, 0]) }],
  [
    'NumPy, column by column',
    {
      'x_test.npy': npyFile('|u1', '(2, 1, 2, 2)', Uint8Array.of(1, 5, 3, 7, 2, 6, 4, 8), 'True'),
      'y_test.npy': npyFile('|u1', '(2,)', Uint8Array.of(1, 0)),
    },
  ],
  ['CIFAR-10', { 'inside/test_batch.bin': new Uint8Array(2 * 3073).fill(9) }],
])('opens %s in memory as on a disk', async (_, files) => {
  const place = (folder: string) =>
    Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}photos/${path}`, bytes]));
  const stored = await openSource(join(await writeTree(place('')), 'photos'), { split: 'test' });
  const held = await openSourceOn(memoryData(place('/')), '/photos', { split: 'test' });
  expect(await contentOf(held)).toEqual(await contentOf(stored));
});

it('tells of what is not there in the same words', async () => {
  await expect(openSourceOn(memoryData({ '/photos/cat/1.png': dark }), '/photo', { split: 'test' })).rejects.toThrow(
    'Did you mean "/photos"?',
  );
});
