import { basename, dirname, join, resolve } from 'node:path';
import { readdir } from 'node:fs/promises';
import * as yauzl from 'yauzl';
import { imageDimensions, ELEMENT_BYTES } from '../../data/array-layout.ts';
import { sliceBytes } from '../../data/bytes.ts';
import type { ByteReader } from '../../data/bytes.ts';
import { checkLabels } from '../../data/labels.ts';
import { readNpyHeader, readNpyLabels } from '../../data/npy.ts';
import { recordSource } from '../../data/record-source.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { imageSize } from '../../image/image.ts';
import { fingerprintBytes } from './fingerprint.ts';
import { damaged } from './open-files.ts';
import type { OpenFiles } from './open-files.ts';
import type { OpenOptions } from './open-options.ts';

/** The names under which Python programs save images and labels, in lower case: those of the split first. */
function pairs(split: string): [string, string][] {
  return [
    [`x_${split}`, `y_${split}`],
    [`${split}_x`, `${split}_y`],
    [`${split}_images`, `${split}_labels`],
    [`images_${split}`, `labels_${split}`],
    ['images', 'labels'],
    ['x', 'y'],
    ['data', 'labels'],
    ['arr_0', 'arr_1'],
  ];
}

function findPair(names: readonly string[], split: string): { images: string; labels: string } | undefined {
  const byLower = new Map(names.map((name) => [name.toLowerCase(), name]));
  for (const [images, labels] of pairs(split)) {
    const pair = { images: byLower.get(images), labels: byLower.get(labels) };
    if (pair.images !== undefined && pair.labels !== undefined) return pair as { images: string; labels: string };
  }
  return undefined;
}

const stem = (name: string) => name.replace(/\.npy$/i, '');

export function isNpyFolder(names: readonly string[]): boolean {
  const stems = names.filter((name) => /\.npy$/i.test(name)).map(stem);
  return findPair(stems, 'test') !== undefined || findPair(stems, 'train') !== undefined;
}

/** @throws misuse `missing-split`, and what `openArrays` throws */
export async function openNpyFolder(
  folder: string,
  names: readonly string[],
  files: OpenFiles,
  options: OpenOptions,
): Promise<ImageSource> {
  const arrays = names.filter((name) => /\.npy$/i.test(name));
  const pair = findPair(arrays.map(stem), options.split);
  if (pair === undefined) throw noPair(folder, arrays, options.split);
  const path = (wanted: string) =>
    join(
      folder,
      arrays.find((name) => stem(name) === wanted)!,
    );
  return openArrays(
    `${basename(resolve(folder))} ${options.split}`,
    await files.bytes(path(pair.images)),
    await files.bytes(path(pair.labels)),
    files,
    options,
  );
}

/** Opens an array of images with the labels of `--labels`, or those beside it: `x_test.npy` goes with `y_test.npy`. */
export async function openNpyFile(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const labels = options.labels ?? (await labelsBeside(path));
  return openArrays(basename(path), await files.bytes(path), await files.bytes(labels), files, options);
}

async function labelsBeside(path: string): Promise<string> {
  const wanted = [...pairs('test'), ...pairs('train')].filter(
    ([images]) => images === stem(basename(path)).toLowerCase(),
  );
  const beside = await readdir(dirname(path));
  const found = beside.find((name) => wanted.some(([, labels]) => `${labels}.npy` === name.toLowerCase()));
  if (found !== undefined) return join(dirname(path), found);
  throw misuse({
    code: 'missing-labels',
    subject: path,
    problem:
      wanted.length === 0
        ? 'does not say where its labels are.'
        : `has no labels beside it (${wanted.map(([, labels]) => `${labels}.npy`).join(', ')}).`,
    advice: 'Name their file with --labels.',
  });
}

/**
 * Opens the arrays of an archive as `numpy.savez` and `savez_compressed` write them. Stored arrays are read in place,
 * compressed ones are unpacked to a temporary file first.
 */
export async function openNpz(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const whole = await files.plain(path);
  const archive = await yauzl.openPromise(path, { autoClose: false }).catch((error) => {
    throw damaged(path, error);
  });
  try {
    const entries = new Map<string, yauzl.Entry>();
    for await (const entry of archive.eachEntry()) entries.set(stem(entry.fileName), entry);
    const pair = findPair([...entries.keys()], options.split);
    if (pair === undefined) throw noPair(path, [...entries.keys()], options.split);
    const member = async (name: string): Promise<ByteReader> => {
      const entry = entries.get(name)!;
      const title = `${path} › ${entry.fileName}`;
      if (entry.compressionMethod !== 0) return files.unpacked(await archive.openReadStreamPromise(entry), title);
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      return sliceBytes(title, whole, fileDataStart, entry.uncompressedSize);
    };
    const images = await member(pair.images);
    const labels = options.labels === undefined ? await member(pair.labels) : await files.bytes(options.labels);
    return await openArrays(`${basename(path)} ${options.split}`, images, labels, files, options);
  } catch (error) {
    throw damaged(path, error);
  } finally {
    archive.close();
  }
}

async function openArrays(
  name: string,
  imageBytes: ByteReader,
  labelBytes: ByteReader,
  files: OpenFiles,
  options: OpenOptions,
) {
  const images = await readNpyHeader(imageBytes);
  const { type } = images;
  if (type !== 'uint8' && type !== 'float32' && type !== 'float64') {
    throw misuse({
      code: 'unsupported-type',
      subject: imageBytes.name,
      problem: `holds ${type}; images are uint8 (0 to 255), float32 or float64 (0 to 1).`,
      advice: "Convert them in Python with .astype('uint8').",
    });
  }
  const layout = imageDimensions(images.dimensions, options.shape, imageBytes.name);
  const labelArray = await readNpyHeader(labelBytes);
  const labels = await readNpyLabels(labelArray);
  const [count] = images.dimensions;
  if (labels.length !== count) {
    throw misuse({
      code: 'count-mismatch',
      subject: labelBytes.name,
      problem: `holds ${labels.length} labels, ${imageBytes.name} ${count} images.`,
    });
  }
  if (count === 0) throw misuse({ code: 'empty-data', subject: imageBytes.name, problem: 'holds no images.' });
  return recordSource(
    {
      name,
      bytes: imageBytes,
      layout: { ...layout, type, start: images.start, stride: imageSize(layout.shape) * ELEMENT_BYTES[type] },
      labels,
      classes: checkLabels(labels, labelBytes.name),
      fingerprint: await fingerprintBytes([imageBytes, labelBytes], options.signal),
      close: () => files.close(),
    },
    options,
    options.shape,
  );
}

function noPair(place: string, names: readonly string[], split: string): Error {
  return misuse({
    code: 'missing-split',
    subject: place,
    problem: `has no pair of images and labels for the ${split} split among its arrays: ${names.join(', ') || 'none'}.`,
    advice: `Name them ${pairs(split)
      .slice(0, 6)
      .map((pair) => pair.join(' and '))
      .join(', or ')}.`,
  });
}
