import { basename, dirname, join, resolve } from 'node:path';
import { imageDimensions } from '../../data/array-layout.ts';
import { readIdxHeader } from '../../data/idx.ts';
import { checkLabels } from '../../data/labels.ts';
import { recordSource } from '../../data/record-source.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { imageSize } from '../../image/image.ts';
import { fingerprintBytes } from './fingerprint.ts';
import { officialClassNames } from './official.ts';
import type { OpenFiles } from './open-files.ts';
import type { OpenOptions } from './open-options.ts';
import { isMissing } from './regular-file.ts';

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
  files: OpenFiles,
  options: OpenOptions,
  classNames?: readonly string[],
) {
  const found = names.filter((name) => IMAGES[options.split].test(name));
  // One set may lie packed and unpacked side by side.
  const sets = new Set(found.map((name) => name.toLowerCase().replace(/\.gz$/, '').replaceAll('.', '-')));
  if (sets.size > 1) {
    throw misuse({
      code: 'several-data-sets',
      subject: folder,
      problem: `holds the ${options.split} images of ${sets.size} data sets: ${found.sort().join(', ')}.`,
      advice: `Which one is it? Give the file of its images as --data, as ${join(folder, found[0])}.`,
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
  return openIdxFile(join(folder, images), `${basename(resolve(folder))} ${options.split}`, files, options, classNames);
}

/**
 * Opens a file of images with the labels beside it (`images-idx3` becomes `labels-idx1` in the name) or those of
 * `--labels`.
 * @throws misuse for files that are missing, cut, of another format, or that do not belong together
 */
export async function openIdxFile(
  path: string,
  name: string,
  files: OpenFiles,
  options: OpenOptions,
  classNames?: readonly string[],
): Promise<ImageSource> {
  const images = await files.bytes(path);
  const header = await readIdxHeader(images);
  const layout = imageDimensions(header.dimensions, options.shape, path);
  const labelBytes = await openLabels(path, files, options.labels);
  const labelHeader = await readIdxHeader(labelBytes);
  if (labelHeader.dimensions.length !== 1 || labelHeader.dimensions[0] !== header.dimensions[0]) {
    throw misuse({
      code: 'count-mismatch',
      subject: labelBytes.name,
      problem: `holds ${labelHeader.dimensions.join('×')} labels, ${path} ${header.dimensions[0]} images.`,
    });
  }
  const names = classNames ?? (await officialClassNames(labelBytes.name));
  const labels = await labelBytes.read(labelHeader.start, labelHeader.dimensions[0]);
  if (labels.length === 0) throw misuse({ code: 'empty-data', subject: path, problem: 'holds no images.' });
  return recordSource(
    {
      name,
      bytes: images,
      layout: { ...layout, start: header.start, stride: imageSize(layout.shape), type: 'uint8' },
      labels,
      classes: checkLabels(labels, labelBytes.name, names?.length),
      classNames: names,
      fingerprint: await fingerprintBytes([images, labelBytes], options.signal),
      close: () => files.close(),
    },
    options,
    options.shape,
  );
}

async function openLabels(images: string, files: OpenFiles, given: string | undefined) {
  if (given !== undefined) return files.bytes(given);
  const plain = join(
    dirname(images),
    basename(images)
      .replace(/images/i, 'labels')
      .replace(/idx3/i, 'idx1')
      .replace(/\.gz$/i, ''),
  );
  for (const path of [plain, `${plain}.gz`]) {
    try {
      if (path !== images) return await files.bytes(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw misuse({
    code: 'missing-labels',
    subject: images,
    problem: `has no labels beside it (${basename(plain)}, plain or .gz).`,
    advice: 'Name their file with --labels.',
  });
}
