import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { imageFileSource } from './image-file-source.ts';
import type { ImageFile } from './image-file-source.ts';
import type { OpenOptions } from './open-options.ts';
import { unreadable } from './regular-file.ts';

const IMAGE = /\.(jpe?g|png|webp)$/i;
/** The folder of a split, in order of preference: where ImageNet keeps labelled images to test on is `val`. */
const SPLITS = { test: ['test', 'val', 'valid', 'validation'], train: ['train', 'training'] };

/** Whether a file name is that of an image which the decoder reads. */
export const isImageName = (name: string): boolean => IMAGE.test(name);

/**
 * Opens a folder with a folder of images for each class, as ImageNet lies; classes are numbered in the order of their
 * names, and a class without images still counts. Above the classes there may be folders `train` and `val` or `test`; without them, the same images serve any split.
 * @throws misuse `empty-data`, `no-classes`, `missing-split`, and what `imageFileSource` throws
 */
export async function openImageFolder(root: string, options: OpenOptions): Promise<ImageSource> {
  const top = await folders(root);
  const isSplit = (name: string) => [...SPLITS.test, ...SPLITS.train].includes(name.toLowerCase());
  if (top.length === 0 || !top.every(isSplit)) return openClasses(root, basename(resolve(root)), top, options);
  for (const wanted of SPLITS[options.split]) {
    const found = top.find((name) => name.toLowerCase() === wanted);
    if (found === undefined) continue;
    const classes = await folders(join(root, found));
    if (classes.length > 0)
      return openClasses(join(root, found), `${basename(resolve(root))} ${found}`, classes, options);
  }
  throw misuse({
    code: 'missing-split',
    subject: root,
    problem: `has no folder of classes for the ${options.split} split; it has ${top.join(', ')}.`,
    advice: `Name it ${SPLITS[options.split][0]}, or ask for the other --split.`,
  });
}

async function openClasses(
  root: string,
  name: string,
  classNames: readonly string[],
  options: OpenOptions,
): Promise<ImageSource> {
  const files: ImageFile[] = [];
  for (const [label, folder] of classNames.entries()) {
    options.signal?.throwIfAborted();
    for (const image of await imagesUnder(join(root, folder), folder))
      files.push({ path: join(root, image), name: image, label });
  }
  if (files.length === 0) {
    const loose = (await readdir(root)).filter(isImageName).length;
    throw loose > 0
      ? misuse({
          code: 'no-classes',
          subject: root,
          problem: `has ${loose} images that lie in no class folder.`,
          advice:
            'Put the images of each class in a folder of its own, or list them in a CSV file with the columns path,label.',
        })
      : misuse({ code: 'empty-data', subject: root, problem: 'holds no JPEG, PNG or WebP images in class folders.' });
  }
  return imageFileSource({ name, files, classes: classNames.length, classNames }, options);
}

async function folders(root: string): Promise<string[]> {
  const entries = (await entriesOf(root)).filter(({ name }) => !name.startsWith('.'));
  const folders = await Promise.all(entries.map((entry) => isFolder(join(root, entry.name), entry)));
  return entries
    .filter((_, at) => folders[at])
    .map(({ name }) => name)
    .sort();
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((error) => {
    throw unreadable(folder, error);
  });

/** Links are followed, as data sets are often put together from links. */
async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

/** Images at any depth, by name with `/`, in the order of their names. */
async function imagesUnder(folder: string, name: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await entriesOf(folder);
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (await isFolder(path, entry)) found.push(...(await imagesUnder(path, `${name}/${entry.name}`)));
    else if (isImageName(entry.name)) found.push(`${name}/${entry.name}`);
  }
  return found;
}
