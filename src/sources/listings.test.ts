import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { greyPng, readData, temporaryTrees } from '../testing/data-tree.ts';

const tree = temporaryTrees();

async function refused(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const error = (await readData(await tree(files)).catch((reason) => reason)) as Error;
  expect(error).toMatchObject({ kind: 'misuse' });
  return error.message;
}

const [one, two, three] = await Promise.all([1, 2, 3].map(greyPng));
const lines = (...objects: object[]): string => objects.map((object) => `${JSON.stringify(object)}\n`).join('');

it('reads an image folder by its metadata, as CSV or JSON lines, beside the images or above them', async () => {
  const beside = await tree({
    'test/metadata.jsonl': lines(
      { file_name: 'b.png', label: 'eel' },
      { file_name: 'a.png', label: 'cat', text: null },
    ),
    'test/a.png': one,
    'test/b.png': two,
    'train/metadata.jsonl': lines({ file_name: 'a.png', label: 'cat' }),
    'train/a.png': three,
  });
  expect(await readData(beside)).toMatchObject({ levels: [2, 1], labels: [1, 0], classNames: ['cat', 'eel'] });
  expect((await readData(beside, { split: 'train' })).levels).toEqual([3]);
  const above = await tree({
    'metadata.csv': 'file_name,label\ntrain/a.png,0\ntest/b.png,1\ntest/a.png,0\n',
    'train/a.png': three,
    'test/a.png': one,
    'test/b.png': two,
  });
  expect(await readData(above)).toMatchObject({ levels: [2, 1], labels: [1, 0] });
  expect((await readData(join(above, 'metadata.csv'))).levels).toEqual([3, 2, 1]);
  // A list of captions says no class: the folders do.
  const captions = await tree({
    'metadata.csv': 'file_name,text\ncat/a.png,a cat\ndog/b.png,a dog\n',
    'cat/a.png': one,
    'dog/b.png': two,
  });
  expect(await readData(captions)).toMatchObject({ levels: [1, 2], classNames: ['cat', 'dog'] });
});

/** A table of Parquet; what `datasets` notes of its columns stands in the footer. */
function table(
  columns: Readonly<Record<string, readonly (string | number | null)[]>>,
  features?: object,
  numbers: 'INT32' | 'DOUBLE' = 'INT32',
): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({
    name,
    data: [...data],
    type: data.some((value) => typeof value === 'string') ? ('STRING' as const) : numbers,
  }));
  const kvMetadata = features && [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

it('reads an image folder by metadata.parquet, and a table of paths, with the classes that they number', async () => {
  const images = { 'a.png': one, 'b.png': two, 'c.png': three };
  const paths = { file_name: ['c.png', 'a.png', 'b.png'] };
  const named = await tree({ ...images, 'metadata.parquet': table({ ...paths, label: ['eel', 'cat', 'eel'] }) });
  expect(await readData(named)).toMatchObject({ levels: [3, 1, 2], labels: [1, 0, 1], classNames: ['cat', 'eel'] });
  // The numbers of ClassLabel are not in the order of its names.
  const features = { label: { _type: 'ClassLabel', names: ['owl', 'cat', 'eel'] } };
  const numbered = { ...paths, label: [2, 1, 2], split: ['test', 'train', 'test'] };
  const told = await tree({ ...images, 'metadata.parquet': table(numbered, features) });
  expect(await readData(told)).toMatchObject({ levels: [3, 2], labels: [2, 2], classNames: ['owl', 'cat', 'eel'] });
  const listed = await tree({ ...images, 'list.parquet': table({ image: ['b.png', 'a.png'], y: [1, 0] }) });
  expect(await readData(join(listed, 'list.parquet'))).toMatchObject({ levels: [2, 1], labels: [1, 0] });
  // Captions say no class: the folders do.
  const captions = await tree({
    'cat/a.png': one,
    'dog/b.png': two,
    'metadata.parquet': table({ file_name: ['cat/a.png', 'dog/b.png'], text: ['a cat', 'a dog'] }),
  });
  expect(await readData(captions)).toMatchObject({ levels: [1, 2], classNames: ['cat', 'dog'] });
});

it('refuses what metadata.parquet lacks, by its row', async () => {
  const paths = { file_name: ['a.png', 'a.png'] };
  const images = { 'a.png': one };
  expect(await refused({ ...images, 'metadata.parquet': table({ ...paths, label: ['cat', null] }) })).toMatch(
    /metadata\.parquet, row 1: has no label/,
  );
  // pandas keeps whole numbers with a gap among them as numbers with a fraction.
  const gap = table({ ...paths, label: [1.5, null] }, undefined, 'DOUBLE');
  expect(await refused({ ...images, 'metadata.parquet': gap })).toMatch(/row 1: has no label/);
  const whole = table({ ...paths, label: [1, 0] }, undefined, 'DOUBLE');
  expect((await readData(await tree({ ...images, 'metadata.parquet': whole }))).labels).toEqual([1, 0]);
  expect(await refused({ ...images, 'metadata.csv': 'file_name,label\n' })).toMatch(/metadata\.csv: lists no images/);
  expect(
    await refused({ ...images, 'metadata.parquet': table({ file_name: [null, 'a.png'], label: [0, 1] }) }),
  ).toMatch(/row 0: has no path\. Fill it in, or leave the row out/);
  const other = 'file_name,label\ntrain/a.png,0\n';
  expect(await refused({ 'metadata.csv': other, 'train/a.png': one })).toMatch(
    /has no line of the test split; its paths begin with train\. Ask for the other 'split'\./,
  );
  const features = { label: { _type: 'ClassLabel', names: ['owl', 'cat'] } };
  expect(await refused({ ...images, 'metadata.parquet': table({ ...paths, label: [1, 2] }, features) })).toMatch(
    /row 1.* label 2.* 0 to 1/,
  );
  expect(await refused({ ...images, 'metadata.parquet': new TextEncoder().encode('file_name,label') })).toMatch(
    /metadata\.parquet: does not end as a Parquet file does/,
  );
});

it('refuses damaged JSON lines by their line', async () => {
  const list = `${lines({ file_name: 'a.png', label: 0 })}{"file_name": "b.pn\n`;
  expect(await refused({ 'metadata.jsonl': list, 'a.png': one })).toMatch(/metadata\.jsonl, line 2: is no JSON object/);
});

const COCO = {
  images: [
    { id: 7, file_name: 'b.png' },
    { id: 3, file_name: 'a.png' },
    { id: 9, file_name: 'c.png' },
  ],
  annotations: [
    { id: 1, image_id: 3, category_id: 2 },
    { id: 2, image_id: 7, category_id: 11 },
    { id: 3, image_id: 7, category_id: 11 },
  ],
  categories: [
    { id: 11, name: 'eel' },
    { id: 2, name: 'cat' },
  ],
};

it("reads a classification of COCO's form, categories in the order of their numbers", async () => {
  const images = { 'val2017/a.png': one, 'val2017/b.png': two, 'val2017/c.png': three };
  const folder = await tree({ ...images, 'annotations/instances_val2017.json': JSON.stringify(COCO) });
  const expected = { levels: [2, 1], labels: [1, 0], classNames: ['cat', 'eel'], promised: 2 };
  expect(await readData(folder)).toMatchObject({
    ...expected,
    notes: ['passed over: 1 images without an annotation'],
  });
  expect(await readData(join(folder, 'annotations/instances_val2017.json'))).toMatchObject(expected);
  // Roboflow puts the file beside the images of each split.
  const roboflow = await tree({
    'valid/a.png': one,
    'valid/b.png': two,
    'valid/_annotations.coco.json': JSON.stringify(COCO),
  });
  expect((await readData(roboflow)).labels).toEqual([1, 0]);
});

it('refuses annotations that are no classification', async () => {
  const images = { 'a.png': one, 'b.png': two };
  const coco = (changed: object): string => JSON.stringify({ ...COCO, ...changed });
  const several = [...COCO.annotations, { image_id: 3, category_id: 11 }];
  expect(await refused({ ...images, 'x.json': coco({ annotations: several }) })).toMatch(
    /image 3: has annotations of several categories \(cat, eel\), as data for detection have/,
  );
  expect(await refused({ ...images, 'x.json': coco({ annotations: [{ image_id: 3, category_id: 5 }] }) })).toMatch(
    /annotation 0: names the category 5, which is not among the 2/,
  );
  expect(await refused({ ...images, 'x.json': coco({ images: [{ id: 1 }] }) })).toMatch(/images\.0\.file_name/);
});

const VALIDATION = {
  'val/ILSVRC2012_val_00000001.JPEG': one,
  'val/ILSVRC2012_val_00000002.JPEG': two,
  'val/ILSVRC2012_val_00000003.JPEG': three,
};
const SOLUTION =
  'ImageId,PredictionString\nILSVRC2012_val_00000003,n01443537 1 2 3 4 n01443537 5 6 7 8\n' +
  'ILSVRC2012_val_00000001,n01484850 1 2 3 4 \nILSVRC2012_val_00000002,n01440764 1 2 3 4\n';
const MAPPING = 'n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\nn01484850 great white shark\n';
const GOLDFISH = ['tench, Tinca tinca', 'goldfish, Carassius auratus', 'great white shark'];

it("reads ImageNet's validation images by Kaggle's list or the kit's numbers, classes by WordNet ids", async () => {
  const kaggle = await tree({ ...VALIDATION, 'LOC_val_solution.csv': SOLUTION, 'LOC_synset_mapping.txt': MAPPING });
  expect(await readData(kaggle)).toMatchObject({ labels: [2, 0, 1], classNames: GOLDFISH, promised: 3 });
  // Without the list of classes their ids are names.
  const bare = await tree({ ...VALIDATION, 'LOC_val_solution.csv': SOLUTION });
  expect(await readData(bare)).toMatchObject({
    labels: [2, 0, 1],
    classNames: ['n01440764', 'n01443537', 'n01484850'],
  });
  const numbers = 'ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt';
  const kit = await tree({
    ...VALIDATION,
    [numbers]: '1\n3\n2\n',
    // The kit's numbers are in an order of their own.
    'map_clsloc.txt': 'n01484850 1 great_white_shark\nn01443537 2 goldfish\nn01440764 3 tench\n',
  });
  expect(await readData(kit)).toMatchObject({
    labels: [2, 0, 1],
    classNames: ['tench', 'goldfish', 'great_white_shark'],
  });
  const ids = await tree({
    ...VALIDATION,
    'imagenet_2012_validation_synset_labels.txt': 'n01484850\nn01440764\nn01443537\n',
  });
  expect((await readData(join(ids, 'val'))).labels).toEqual([2, 0, 1]);
});

it("reads ImageNet's validation images by Caffe's list, and by a CSV file beside or above", async () => {
  const caffe = 'ILSVRC2012_val_00000001.JPEG 2\nILSVRC2012_val_00000002.JPEG 0\nILSVRC2012_val_00000003.JPEG 1\n';
  const list = await tree({ ...VALIDATION, 'val.txt': caffe, 'synset_words.txt': MAPPING });
  expect(await readData(list)).toMatchObject({ labels: [2, 0, 1], classNames: GOLDFISH });
  const rows = 'ILSVRC2012_val_00000003.JPEG,7\nILSVRC2012_val_00000001.JPEG,5\n';
  for (const csv of ['labels.csv', 'val/labels.csv'])
    expect(await readData(await tree({ ...VALIDATION, [csv]: `filename,class\n${rows}` }))).toMatchObject({
      levels: [3, 1],
      labels: [7, 5],
    });
});

it('refuses labels of ImageNet that say nothing certain', async () => {
  const truth = { 'ILSVRC2012_validation_ground_truth.txt': '1\n3\n2\n' };
  expect(await refused(VALIDATION)).toMatch(/holds 3 validation images of ImageNet and no file of their labels/);
  expect(await refused({ ...VALIDATION, ...truth })).toMatch(/whose order is not that of any model.*map_clsloc\.txt/);
  const thousand = Array.from({ length: 1000 }, (_, at) => `n${String(1_440_764 + at).padStart(8, '0')}\n`).join('');
  expect(await refused({ ...VALIDATION, ...truth, 'synset_words.txt': thousand })).toMatch(
    /lists them in alphabetical order, as models do: the two do not go together/,
  );
  const short = { 'ILSVRC2012_validation_ground_truth.txt': '1\n2\n', 'synsets.txt': MAPPING };
  expect(await refused({ ...VALIDATION, ...short })).toMatch(/\(2 lines\): has no label for ILSVRC2012_val_00000003/);
  const beyond = { 'ILSVRC2012_validation_ground_truth.txt': '1\n2\n4\n', 'synsets.txt': MAPPING };
  expect(await refused({ ...VALIDATION, ...beyond })).toMatch(/line 3: says class 4; .*lists 3 classes/);
});
