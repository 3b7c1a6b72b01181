import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpickle } from '../data/pickle/unpickle.ts';
import { readData, temporaryTrees } from '../testing/data-tree.ts';
import { LIBRARY_FILES } from '../testing/library-files.ts';

const tree = temporaryTrees();

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const pickled = (protocol: 2 | 3 | 4 | 5): Buffer =>
  inflateSync(Buffer.from(LIBRARY_FILES[`pickle${protocol}`], 'base64'));

it.each([2, 3, 4, 5] as const)(
  "reads a batch that Python's pickle wrote, as its binary version: protocol %i",
  async (protocol) => {
    const folder = await tree({ 'cifar-10-batches-py/test_batch': pickled(protocol) });
    const { labels, levels, classNames, fingerprint } = await readData(folder);
    expect([labels, levels, classNames![7]]).toEqual([[7, 1], [3, 250], 'horse']);
    const record = (label: number, level: number): Buffer =>
      Buffer.concat([Buffer.of(label), Buffer.alloc(3072, level)]);
    const binary = await tree({ 'test_batch.bin': Buffer.concat([record(7, 3), record(1, 250)]) });
    expect((await readData(binary)).fingerprint).toBe(fingerprint);
  },
);

/** A batch as Python 2 wrote the official files: text of one byte a character, names of modules on lines. */
function officialBatch(labels: readonly number[], key = 'labels'): Buffer {
  const text = (value: string): Buffer => Buffer.concat([ascii('U'), Buffer.of(value.length), ascii(value)]);
  const small = (value: number): Buffer => Buffer.concat([ascii('K'), Buffer.of(value)]);
  const pixels = Buffer.concat(labels.map((label) => Buffer.alloc(3072, 10 * label)));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(pixels.length);
  return Buffer.concat([
    ascii('\x80\x02}q\x01('),
    text('data'),
    ascii('cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85'),
    text('b'),
    ascii('\x87Rq\x05(K\x01'),
    small(labels.length),
    ascii('M\x00\x0c\x86cnumpy\ndtype\nq\x06'),
    text('u1'),
    ascii('K\x00K\x01\x87Rq\x07(K\x03'),
    text('|'),
    ascii('NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T'),
    size,
    pixels,
    ascii('tb'),
    text(key),
    ascii(']q\x08('),
    ...labels.map(small),
    ascii('eu.'),
  ]);
}

it('reads the official files of Python 2, with the class names of their own', async () => {
  const meta = ascii(
    '\x80\x02}q\x01U\x10fine_label_names]q\x02(' +
      Array.from({ length: 100 }, (_, at) => `U\x03c${String(at).padStart(2, '0')}`).join('') +
      'es.',
  );
  const folder = await tree({
    test: officialBatch([9, 2], 'fine_labels'),
    train: officialBatch([1], 'fine_labels'),
    meta,
  });
  expect(await readData(folder)).toMatchObject({ labels: [9, 2], levels: [90, 20] });
  const ten = await tree({
    data_batch_2: officialBatch([2]),
    data_batch_1: officialBatch([1]),
    test_batch: officialBatch([0]),
  });
  expect(await readData(ten, { split: 'train' })).toMatchObject({ labels: [1, 2], levels: [10, 20] });
});

describe('a pickle that is more than data', () => {
  it.each([
    [
      'a call',
      '\x80\x02cposix\nsystem\nX\x04\x00\x00\x00trueq\x00\x85R.',
      /would call posix\.system of Python.*nothing of it is executed/,
    ],
    ['an object', '\x80\x02cos\nsystem\n)\x81.', /uses the opcode NEWOBJ/],
    ['an instance', '(iposix\nsystem\n.', /uses the opcode INST/],
    ['a persistent id', 'Pid\n.', /uses the opcode PERSID/],
    ['an opcode of no version', '\x80\x02\xfe.', /uses the opcode 0xfe/],
    ['a name under another module', '\x80\x02cevil\n_reconstruct\n)R.', /would call evil\._reconstruct/],
    [
      'an array of another class',
      '\x80\x02cnumpy.core.multiarray\n_reconstruct\ncos\nsystem\nK\x00\x85U\x01b\x87R.',
      /would call numpy/,
    ],
    ['a stack that is empty', '\x80\x02a.', /at byte 2 it takes a value where there is none/],
    ['a memo that is empty', '\x80\x02h\x07.', /recalls value 7, which it never made/],
    ['an end too early', '\x80\x02T\xff\xff\xff\x7fabc', /announces 2147483647 more, and there are 3/],
  ])('is refused by name: %s', (_, text, message) => {
    expect(() => unpickle(ascii(text), 'x')).toThrow(message);
  });

  it('makes no more values than CIFAR needs', () => {
    expect(() => unpickle(Buffer.alloc(5_000_000, ']'), 'x')).toThrow(/makes more than 4,000,000 values/);
  });
});

it('refuses batches that are damaged, each in one message', async () => {
  const refused = async (test_batch: Uint8Array): Promise<string> => {
    const error = (await readData(await tree({ test_batch })).catch((reason) => reason)) as Error;
    expect(error).toMatchObject({ kind: 'misuse' });
    return error.message;
  };
  expect(await refused(officialBatch([3]).subarray(0, 1000))).toMatch(/ends before its data do/);
  expect(await refused(officialBatch([10]))).toMatch(/image 0 has label 10; labels are whole numbers from 0 to 9/);
  expect(await refused(officialBatch([1], 'names'))).toMatch(/it has no list "labels"/);
});
