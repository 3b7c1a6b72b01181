import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { greyPng, readData, temporaryTrees } from '../testing/data-tree.ts';
import { LIBRARY_FILES } from '../testing/library-files.ts';

const tree = temporaryTrees();

/** A table of grey images, of these levels. */
async function table(
  levels: readonly number[],
  labels: readonly (number | string)[],
  { column = 'label', type = typeof labels[0] === 'string' ? 'STRING' : 'INT32', rowGroupSize = 2 } = {},
): Promise<Uint8Array> {
  const image = await Promise.all(levels.map(greyPng));
  const columnData = [
    { name: 'image', data: image, type: 'BYTE_ARRAY' as const },
    { name: column, data: [...labels], type: type as 'INT32' },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize }));
}

it.each(['parquetSnappy', 'parquetZstd'] as const)(
  'reads what pyarrow wrote, with its class names: %s',
  async (name) => {
    const folder = await tree({ 'data/test-00000-of-00001.parquet': Buffer.from(LIBRARY_FILES[name], 'base64') });
    const { labels, images, classNames, promised, ...told } = await readData(folder);
    expect([labels, classNames, promised]).toEqual([[0, 2, 1, 0, 2, 1], ['cat', 'dog', 'eel'], 3]);
    expect(told.name).toMatch(/ test$/);
    // Twelve bytes each, counting up by five, pixel by pixel: red, green, blue.
    const bytes = images.map(({ pixels }) => Array.from(pixels, (value) => Math.round(255 * value)));
    const chw = (image: number): number[] =>
      [0, 1, 2].flatMap((channel) => [0, 1, 2, 3].map((pixel) => ((12 * image + 3 * pixel + channel) * 5) % 256));
    expect(bytes).toEqual([0, 1, 2, 3, 4, 5].map(chw));
    expect(images[3].file).toBe('data/test-00000-of-00001.parquet:3');
    // Named by the folder below it, it is the same data.
    expect((await readData(join(folder, 'data'))).fingerprint).toBe(told.fingerprint);
  },
);

it('takes the shards of a split in their order, and names numbered in theirs', async () => {
  const folder = await tree({
    'test-00001-of-00002.parquet': await table([30, 40, 50], ['eel', 'cat', 'eel']),
    'test-00000-of-00002.parquet': await table([10, 20], ['cat', 'dog']),
    'train-00000-of-00001.parquet': await table([60], ['cat']),
    'README.md': 'of the data set',
  });
  const { levels, labels, classNames } = await readData(folder);
  expect([levels, labels, classNames]).toEqual([
    [10, 20, 30, 40, 50],
    [0, 1, 2, 0, 2],
    ['cat', 'dog', 'eel'],
  ]);
  expect((await readData(folder, { split: 'train' })).levels).toEqual([60]);
  // A file that is named itself is taken whatever it is called.
  expect((await readData(join(folder, 'train-00000-of-00001.parquet'))).levels).toEqual([60]);
  const other = await tree({ 'default/train/0000.parquet': await table([1], [0]) });
  await expect(readData(other)).rejects.toThrow(/has no files of the test split; by their names there are train/);
});

it('reads images that lie beside a table which holds their paths', async () => {
  const rows = [
    { bytes: undefined, path: 'a.png' },
    { bytes: undefined, path: 'b.png' },
  ];
  const image = { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 } as const;
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'image', data: rows },
      { name: 'label', data: [1, 0] },
    ],
    schema: [
      { name: 'root', num_children: 2 },
      image,
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'label', type: 'INT32', repetition_type: 'REQUIRED' },
    ],
  });
  const folder = await tree({
    'test.parquet': new Uint8Array(file),
    'a.png': await greyPng(7),
    'b.png': await greyPng(9),
  });
  expect(await readData(folder)).toMatchObject({ levels: [7, 9], labels: [1, 0] });
});

it('refuses what is no table of labelled images, each in one message', async () => {
  const refused = async (content: Uint8Array | string): Promise<string> => {
    const error = (await readData(await tree({ 'test.parquet': content })).catch((reason) => reason)) as Error;
    expect(error).toMatchObject({ kind: 'misuse' });
    return error.message;
  };
  const good = await table([1, 2, 3], [0, 1, 2]);
  expect(await refused(good.subarray(0, 200))).toMatch(/does not end as a Parquet file does; it was cut short/);
  expect(await refused('')).toMatch(/cut short or is none/);
  expect(await refused('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n')).toMatch(/git lfs pull/);
  expect(await refused(await table([1, 2], [0, -1]))).toMatch(/row 1: has label -1 .*not labelled/);
  expect(await refused(await table([1], [0], { column: 'caption' }))).toMatch(
    /no column of labels among its columns \(image, caption\)/,
  );
  const holed = good.slice();
  holed.fill(0xff, 8, 60);
  expect(await refused(holed)).toMatch(/is damaged|cannot be read/);
  const folder = await tree({ 'fine/test.parquet': good, 'coarse/test.parquet': good });
  await expect(readData(folder)).rejects.toThrow(/folders of 2 data sets: coarse, fine. Which one is it/);
});

it('takes a table without labels where none are asked for', async () => {
  const folder = await tree({ 'test.parquet': await table([4, 5], ['a caption', 'another'], { column: 'text' }) });
  expect(await readData(folder, { unlabelled: true })).toMatchObject({ levels: [4, 5], labels: [0, 0] });
});

it('leaves out an image whose bytes are none, and tells of it by its row', async () => {
  const folder = await tree({});
  const columnData = [
    { name: 'image', data: [await greyPng(1), Uint8Array.of(1, 2, 3), await greyPng(3)], type: 'BYTE_ARRAY' as const },
    { name: 'label', data: [0, 1, 0] },
  ];
  await writeFile(join(folder, 'a.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
  await expect(readData(join(folder, 'a.parquet'))).rejects.toThrow(/a\.parquet, row 1: cannot be read as an image/);
  expect(await readData(join(folder, 'a.parquet'), { skipUnreadable: true })).toMatchObject({ levels: [1, 3] });
});
