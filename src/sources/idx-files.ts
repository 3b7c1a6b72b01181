import type { OpenOptions } from '../data/open-options.ts';
import type { ImageSource } from '../data/source.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { openArrays, readHeader } from './array-files.ts';
import type { Opening } from './data-platform.ts';
import { openLabels } from './label-file.ts';
import { officialClassNames } from './official.ts';
import type { PackedBytes } from './packed-bytes.ts';

const IMAGES = {
  test: /(^|[-_.])(t10k|test)-images[-.]idx3-ubyte(\.gz)?$/i,
  train: /(^|[-_.])train-images[-.]idx3-ubyte(\.gz)?$/i,
};

/** Whether a folder's files look like those of MNIST. */
export function isIdxFolder(names: readonly string[]): boolean {
  return names.some((name) => IMAGES.test.test(name) || IMAGES.train.test(name));
}

/**
 * Opens the files of one split in a folder with the names of MNIST: `t10k-images-idx3-ubyte`, plain or `.gz`.
 * @throws misuse `missing-split`, and what `openIdxFile` throws
 */
export function openIdxFolder(
  folder: string,
  names: readonly string[],
  opening: Opening,
  options: OpenOptions,
  classNames?: readonly string[],
) {
  const { disk } = opening;
  const found = names.filter((name) => IMAGES[options.split].test(name));
  // One set may lie packed and unpacked side by side.
  const sets = new Set(found.map((name) => name.toLowerCase().replace(/\.gz$/, '').replaceAll('.', '-')));
  if (sets.size > 1) {
    throw misuse({
      code: 'several-data-sets',
      subject: folder,
      problem: `holds the ${options.split} images of ${sets.size} data sets: ${found.sort().join(', ')}.`,
      advice:
        `Which one is it? Give the file of its images as ${optionWords('data')}, as ` +
        `${disk.join(folder, found[0])}.`,
    });
  }
  const [images] = found;
  if (images === undefined) {
    throw misuse({
      code: 'missing-split',
      subject: folder,
      problem:
        `has no ${options.split} images (${options.split === 'test' ? 't10k' : 'train'}-images-idx3-ubyte, ` +
        'plain or .gz).',
    });
  }
  const name = `${disk.titleOf(folder)} ${options.split}`;
  return openIdxFile(disk.join(folder, images), name, opening, options, classNames);
}

/**
 * Opens a file of images with the labels beside it (`images-idx3` becomes `labels-idx1` in the name) or those of
 * `--labels`.
 * @throws misuse for files that are missing, cut, of another format, or that do not belong together
 */
export async function openIdxFile(
  path: string,
  name: string,
  opening: Opening,
  options: OpenOptions,
  classNames?: readonly string[],
): Promise<ImageSource> {
  const { files } = opening;
  const images = await files.packed(path);
  await readHeader(images); // a fault of its own is reported before its labels are looked for
  const labels = options.labels === undefined ? await labelsBeside(path, opening) : await openLabels(files, options);
  const known = classNames ?? (await officialClassNames(labels.name, opening.disk));
  return openArrays({ name, images, labels, classNames: known }, opening, options);
}

async function labelsBeside(images: string, { disk, files }: Opening): Promise<PackedBytes> {
  const plain = disk
    .nameOf(images)
    .replace(/images/i, 'labels')
    .replace(/idx3/i, 'idx1')
    .replace(/\.gz$/i, '');
  for (const name of [plain, `${plain}.gz`]) {
    const path = disk.join(disk.folderOf(images), name);
    if (path !== images && (await disk.kindOf(path)) !== undefined) return files.packed(path);
  }
  throw misuse({
    code: 'missing-labels',
    subject: images,
    problem: `has no labels beside it (${plain}, plain or .gz).`,
    advice: `Name their file with ${optionWords('labels')}.`,
  });
}
