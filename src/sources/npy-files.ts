import type { OpenOptions } from '../data/open-options.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Disk } from '../ports/disk.ts';
import { openArrays } from './array-files.ts';
import type { Opening } from './data-platform.ts';
import { openLabels } from './label-file.ts';

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
  opening: Opening,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk, files } = opening;
  const arrays = names.filter((name) => /\.npy$/i.test(name));
  const pair = findPair(arrays.map(stem), options.split);
  if (pair === undefined) throw noPair(folder, arrays, options.split);
  const path = (wanted: string) =>
    disk.join(
      folder,
      arrays.find((name) => stem(name) === wanted)!,
    );
  return openArrays(
    {
      name: `${disk.titleOf(folder)} ${options.split}`,
      images: await files.packed(path(pair.images)),
      labels: await files.packed(path(pair.labels)),
    },
    opening,
    options,
  );
}

/** Opens an array of images with the labels of `--labels`, or those beside it: `x_test.npy` goes with `y_test.npy`. */
export async function openNpyFile(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk, files } = opening;
  const images = await files.packed(path);
  const labels =
    options.labels === undefined
      ? await files.packed(await labelsBeside(disk, path))
      : await openLabels(files, options);
  return openArrays({ name: disk.nameOf(path), images, labels }, opening, options);
}

async function labelsBeside(disk: Disk, path: string): Promise<string> {
  const wanted = [...pairs('test'), ...pairs('train')].filter(
    ([images]) => images === stem(disk.nameOf(path)).toLowerCase(),
  );
  const folder = disk.folderOf(path);
  const beside = await disk.namesIn(folder);
  const found = beside.find((name) => wanted.some(([, labels]) => `${labels}.npy` === name.toLowerCase()));
  if (found !== undefined) return disk.join(folder, found);
  throw misuse({
    code: 'missing-labels',
    subject: path,
    problem:
      wanted.length === 0
        ? 'does not say where its labels are.'
        : `has no labels beside it (${wanted.map(([, labels]) => `${labels}.npy`).join(', ')}).`,
    advice: `Name their file with ${optionWords('labels')}.`,
  });
}

/**
 * Opens the arrays of an archive as `numpy.savez` and `savez_compressed` write them, or its images with the labels of
 * `--labels`.
 */
export async function openNpz(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk, files } = opening;
  const name = `${disk.nameOf(path)} ${options.split}`;
  const members = await files.members(path);
  const arrays = [...members.keys()].filter((member) => /\.npy$/i.test(member));
  const open = (wanted: string) => members.get(arrays.find((member) => stem(member) === wanted)!)!();
  if (options.labels !== undefined) {
    const images = findImages(arrays.map(stem), options.split);
    if (images === undefined) throw noPair(path, arrays.map(stem), options.split);
    return openArrays({ name, images: await open(images), labels: await openLabels(files, options) }, opening, options);
  }
  const pair = findPair(arrays.map(stem), options.split);
  if (pair === undefined) throw noPair(path, arrays.map(stem), options.split);
  return openArrays({ name, images: await open(pair.images), labels: await open(pair.labels) }, opening, options);
}

/** The array of images where the labels lie elsewhere: by its name, or the only one. */
function findImages(names: readonly string[], split: string): string | undefined {
  if (names.length === 1) return names[0];
  const wanted = pairs(split).map(([images]) => images);
  return wanted.map((image) => names.find((name) => name.toLowerCase() === image)).find((name) => name !== undefined);
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
