import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../data/source.ts';
import { openSource } from '../node/data/open.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  await mkdir(join(root, 'in'));
  for (const name of ['a.png', 'b.png', 'in/c.png', 'd,e.png', 'k\u00e4se.png']) await writeFile(join(root, name), png);
});
afterAll(() => rm(root, { recursive: true }));

/** A manifest of this content: labels, and the first channel of each image to show that it was found. */
async function open(
  content: string | Buffer,
  split: 'test' | 'train' = 'test',
): Promise<ImageSource & { found: number[] }> {
  const path = join(root, 'list.csv');
  await writeFile(path, content);
  const source = await openSource(path, { split });
  const images = await source.read(Array.from({ length: source.length }, (_, at) => at));
  await source.close();
  return Object.assign(Object.create(source), { found: images.map(({ label }) => label) });
}

describe('a manifest is read', () => {
  it.each<[string, string | Buffer]>([
    ['semicolons', 'path;label\na.png;1\nb.png;0\n'],
    ['tabs', 'path\tlabel\na.png\t1\nb.png\t0\n'],
    ['line ends of Windows and no last one', 'path,label\r\na.png,1\r\nb.png,0'],
    ['blanks and quotes', ' path , label \n\n"a.png", " 1 "\n b.png ,0\n'],
    ['UTF-16', Buffer.from('\ufeffpath,label\na.png,1\nb.png,0\n', 'utf16le')],
    ['further columns', 'index,label,size,path\n7,1,32,a.png\n8,0,32,b.png\n'],
    ['paths of Windows', 'path,label\n.\\a.png,1\n.\\in\\c.png,0\n'],
    ['quoted commas', 'path,label\n"d,e.png",1\nb.png,0\n'],
    ['floating-point numbers of pandas', 'path,label\na.png,1.0\nb.png,0.0\n'],
  ])('with %s', async (_, content) => {
    const { found, notes, classNames } = await open(content);
    expect([found, notes, classNames]).toEqual([[1, 0], [], undefined]);
  });

  it.each([
    ['Filename;Width;ClassId', 'Filename', 'ClassId'],
    ['Image Path;x;Target', 'Image Path', 'Target'],
    ['file;x;class', 'file', 'class'],
  ])('with columns of other names, which is told: %s', async (header, path, label) => {
    const { found, notes } = await open(`${header}\na.png;9;1\nk\u00e4se.png;9;0\n`);
    expect(found).toEqual([1, 0]);
    expect(notes).toEqual([`columns: paths from ${path}, labels from ${label}`]);
  });

  it('by split where a column says it, with the classes of all', async () => {
    const content = 'path,label,split\na.png,eel,train\nb.png,cat,test\nin/c.png,dog,Train\n';
    const [test, train] = [await open(content), await open(content, 'train')];
    expect([test.found, test.classNames]).toEqual([[0], ['cat', 'dog', 'eel']]);
    expect(train.found).toEqual([2, 1]);
    expect(test.notes).toEqual(['split: 1 of 3 lines, those of split test']);
    await expect(open('path,label,split\na.png,eel,train\n')).rejects.toThrow(/no line of the test split.*train/);
  });

  it('and says where a label stands', async () => {
    const { labelling } = await open('path,label\n\na.png,1\n\nb.png,0\n');
    expect([labelling?.placeOf?.(0), labelling?.placeOf?.(1)]).toEqual(['line 3', 'line 5']);
  });
});

describe('a manifest is refused', () => {
  it.each([
    ['path,label\na.png,1\nb.png\n', /line 3: has 1 cells where the first line names 2 columns/],
    ['path,label\nd,e.png,1\n', /line 2: has 3 cells.*quotes/],
    ['path,label\na.png,1\n,0\n', /line 3: has no path/],
    ['path,label\n"a.png,1\nb.png,0\n', /[Qq]uote/],
    ['id,breed\na,dog\n', /first line \(id,breed\) names no column path or label/],
    ['filename,size\na.png,3\n', /names no column label/],
    ['path,label\na.png,0\nb.png,seven\na.png,1\nb.png,1\na.png,0\n', /list\.csv, line 3: has the label "seven"/],
  ])('%j', async (content, message) => {
    await expect(open(content)).rejects.toThrow(message);
  });
});
