import { type ByteReader, joinBytes, memoryBytes, sliceBytes } from '../data/bytes.ts';
import { CIFAR10_CLASSES } from '../data/class-names.ts';
import { type OpenOptions, refusePixelRange } from '../data/open-options.ts';
import { unpickle } from '../data/pickle/unpickle.ts';
import { type PythonBatch, readBatch, readMeta } from '../data/python-cifar.ts';
import { recordSource } from '../data/record-source.ts';
import type { ImageSource } from '../data/source.ts';
import type { Hash } from '../digest/hash.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Opening } from './data-platform.ts';

/** The files of the Python versions, by split: those of CIFAR-10, then that of CIFAR-100. */
const FILES = { test: /^(test_batch|test)$/, train: /^(data_batch_\d+|train)$/ };
const META = /^(batches\.meta|meta)$/;
const PIXEL_BYTES = 3 * 32 * 32;

/** A batch has 31 MB, the training images of CIFAR-100 in one file 155 MB. */
const MOST_BYTES = 2 ** 28;

/** Whether a folder holds the Python version of CIFAR-10 or CIFAR-100. */
export function isPythonCifar(names: readonly string[]): boolean {
  const ten = names.includes('test_batch') || names.includes('data_batch_1');
  return ten || ['train', 'test', 'meta'].every((name) => names.includes(name));
}

/** Whether a name is that of a file of these versions: a batch of a split, or the class names. */
export function pythonFile(name: string, split: OpenOptions['split']): 'batch' | 'meta' | undefined {
  if (META.test(name)) return 'meta';
  return FILES[split].test(name) ? 'batch' : undefined;
}

/** @throws misuse `missing-split`, and as `openPythonBatches` */
export async function openPythonFolder(
  folder: string,
  names: readonly string[],
  opening: Opening,
  options: OpenOptions,
): Promise<ImageSource> {
  const wanted = names.filter((name) => pythonFile(name, options.split) !== undefined).sort();
  const bytes = new Map<string, ByteReader>();
  for (const name of wanted) bytes.set(name, await opening.files.bytes(opening.disk.join(folder, name)));
  return openPythonBatches(folder, bytes, opening, options);
}

/**
 * Opens batches of the Python version of CIFAR. Its pickles are read as data, see `unpickle`: nothing is executed.
 * @param found batches and class names, by name
 * @throws misuse `missing-split`, `foreign-format`, `wrong-size`, `label-out-of-range`, `file-too-large`
 */
export async function openPythonBatches(
  place: string,
  found: ReadonlyMap<string, ByteReader>,
  opening: Opening,
  options: OpenOptions,
  name = `${opening.disk.titleOf(place)} ${options.split}`,
): Promise<ImageSource> {
  refusePixelRange(place, options);
  const hash = opening.sha256();
  const pixels: ByteReader[] = [];
  const labels: number[] = [];
  let hundred = false;
  let classNames: readonly string[] | undefined;
  for (const [file, reader] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    options.signal?.throwIfAborted();
    const bytes = await wholeOf(reader);
    const value = unpickle(bytes, reader.name);
    if (META.test(file)) {
      classNames = readMeta(value, reader.name);
      continue;
    }
    const batch = readBatch(value, reader.name);
    hundred ||= batch.coarse !== undefined;
    addRecords(hash, batch);
    pixels.push(placeOf(batch.pixels, bytes, reader));
    for (const label of batch.labels) labels.push(label);
  }
  if (pixels.length === 0) {
    throw misuse({
      code: 'missing-split',
      subject: place,
      problem: `has no ${options.split} batches of the Python version of CIFAR.`,
      advice: `Ask for the other ${optionWords('split')}, or get the data again.`,
    });
  }
  const classes = hundred ? 100 : 10;
  return recordSource(
    {
      name,
      bytes: joinBytes(place, pixels),
      layout: {
        start: 0,
        stride: PIXEL_BYTES,
        type: 'uint8',
        shape: { channels: 3, height: 32, width: 32 },
        order: 'chw',
      },
      labels,
      classes,
      promised: classes,
      classNames: classNames?.length === classes ? classNames : hundred ? undefined : CIFAR10_CLASSES,
      fingerprint: hash.digest(),
      close: () => opening.files.close(),
    },
    options,
    options.shape,
  );
}

async function wholeOf(reader: ByteReader): Promise<Uint8Array> {
  if (reader.size <= MOST_BYTES) return reader.read(0, reader.size);
  throw misuse({
    code: 'file-too-large',
    subject: reader.name,
    problem: `has ${reader.size} bytes; the pickles of CIFAR have at most ${MOST_BYTES}.`,
  });
}

/** The records of the binary version, label bytes and pixels: the same images have the same fingerprint in either. */
function addRecords(hash: Hash, { pixels, labels, coarse }: PythonBatch): void {
  for (const [at, label] of labels.entries()) {
    hash.update(Uint8Array.from(coarse === undefined ? [label] : [coarse[at], label]));
    hash.update(pixels.subarray(at * PIXEL_BYTES, (at + 1) * PIXEL_BYTES));
  }
}

/** Pixels as a part of their file, so that memory does not hold them; some pickles have them in another form. */
function placeOf(pixels: Uint8Array, whole: Uint8Array, reader: ByteReader): ByteReader {
  const isPart = pixels.buffer === whole.buffer;
  return isPart
    ? sliceBytes(reader.name, reader, pixels.byteOffset - whole.byteOffset, pixels.length)
    : memoryBytes(reader.name, pixels);
}
