import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { greyPng, readData, temporaryTrees } from '../testing/data-tree.ts';
import { LIBRARY_FILES } from '../testing/library-files.ts';

const tree = temporaryTrees();

async function tar(members: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(members)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}

it('reads what tarfile wrote, compressed and with long names', async () => {
  const folder = await tree({ 'imagenet-val-000000.tar.gz': Buffer.from(LIBRARY_FILES.tarGz, 'base64') });
  const { labels, levels, images } = await readData(folder);
  expect(labels).toEqual([0, 1, 2, 0, 1, 2]);
  // The first of twelve bytes each, which count up by five.
  expect(levels).toEqual([0, 60, 120, 180, 240, 44]);
  expect(images[5].file).toBe(`imagenet-val-000000.tar.gz/${'long/'.repeat(30)}0005.png`);
});

it('pairs images with labels of every form, shard after shard', async () => {
  const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(greyPng));
  const folder = await tree({
    'a-000001.tar': await tar({ 'x/9.png': three, 'x/9.json': '{"caption": "a cat", "label": 2}', 'x/10.cls': '0' }),
    'a-000000.tar': await tar({
      '0.cls': ' 1\n',
      '0.seg.png': four,
      '0.png': one,
      '0.txt': 'a dog',
      '._0.png': 'of a system',
      '1.PNG': two,
      '1.cls': '0',
    }),
    'classnames.txt': 'cat\ndog\neel\n',
  });
  const { levels, labels, classNames, promised, notes } = await readData(folder);
  expect([levels, labels, classNames, promised]).toEqual([[1, 2, 3], [1, 0, 2], ['cat', 'dog', 'eel'], 3]);
  expect(notes).toEqual(['passed over: 1 samples without an image']);
});

it('takes the shards of a split, and numbers names', async () => {
  const [one, two] = await Promise.all([1, 2].map(greyPng));
  const folder = await tree({
    'test/0.tar': await tar({ 'a.png': one, 'a.cls': 'eel', 'b.png': two, 'b.cls': 'cat' }),
    'train/0.tar': await tar({ 'a.png': two, 'a.cls': 'cat' }),
  });
  expect(await readData(folder)).toMatchObject({ levels: [1, 2], labels: [1, 0], classNames: ['cat', 'eel'] });
  expect(await readData(folder, { split: 'train' })).toMatchObject({ levels: [2], labels: [0] });
});

it('takes images without labels where none are asked for', async () => {
  const [one, two] = await Promise.all([1, 2].map(greyPng));
  const folder = await tree({ '0.tar': await tar({ 'a.png': one, 'a.txt': 'a cat', 'b.png': two, 'b.cls': '7' }) });
  expect(await readData(folder, { unlabelled: true })).toMatchObject({ levels: [1, 2], labels: [0, 0] });
});

it('refuses what is no shard of labelled images, each in one message', async () => {
  const png = await greyPng(1);
  const refused = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
    const error = (await readData(await tree(files)).catch((reason) => reason)) as Error;
    expect(error).toMatchObject({ kind: 'misuse' });
    return error.message;
  };
  const good = await tar({ 'a.png': png, 'a.cls': '1' });
  expect(await refused({ 'a.tar': good.subarray(0, 560) })).toMatch(/a\.tar: ends before its packed data does/);
  expect(await refused({ 'a.tar': await tar({ 'a.png': png }) })).toMatch(/a\.png: has no label beside it/);
  expect(await refused({ 'a.tar': await tar({ 'a.png': png, 'a.cls': '-1' }) })).toMatch(/says the label -1/);
  expect(await refused({ 'a.tar': await tar({ 'a.png': png, 'a.json': '{"x": 1}' }) })).toMatch(/under label, cls/);
  expect(await refused({ 'a.tar': good, 'classnames.txt': 'cat\n' })).toMatch(/names 1 classes.*label 1/);
  expect(await refused({ 'a.tar': await tar({ 'readme.txt': '' }) })).toMatch(/holds no images in its archives/);
});
