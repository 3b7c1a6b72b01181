import { orderClasses } from '../data/class-order.ts';
import { nameLabelling, numberLabelling } from '../data/labelling.ts';
import type { FilesOfSplit } from '../data/split-names.ts';
import type { Disk } from '../ports/disk.ts';
import type { ImageFile, ImageFileData } from './image-file-source.ts';

/**
 * Images with their labels: numbers as they are, names numbered in their order, or by a list of the classes that has
 * them all.
 */
export function labelled(
  images: readonly Omit<ImageFile, 'label'>[],
  labels: readonly (number | string)[],
  classNames?: readonly string[],
): Pick<ImageFileData, 'files' | 'classes' | 'classNames' | 'labelling'> {
  const listed = new Map(classNames?.map((name, label) => [name, label]));
  const named = labels.some((label) => typeof label === 'string' && !listed.has(label));
  const order = named ? orderClasses([...new Set(labels.map(String))], 'names').names : undefined;
  const labelOf = order === undefined ? listed : new Map(order.map((name, label) => [name, label]));
  const numbers = labels.map((label) => (typeof label === 'string' || named ? labelOf.get(String(label))! : label));
  const names = order ?? classNames;
  return {
    files: images.map((image, at) => ({ ...image, label: numbers[at] })),
    classes: names?.length ?? numbers.reduce((most, label) => Math.max(most, label), -1) + 1,
    classNames: names,
    labelling: named ? nameLabelling(numbers, 'names') : numberLabelling(numbers, classNames?.length),
  };
}

/** How data in several files are named in reports. */
export function titleOf(disk: Disk, folder: string, { paths, told, alone }: FilesOfSplit, split: string): string {
  if (alone === true) return disk.nameOf(paths[0]);
  const title = disk.titleOf(folder);
  return told ? `${title} ${split}` : title;
}

/** What messages call data in several files. */
export function placeOf(disk: Disk, folder: string, { paths, alone }: FilesOfSplit): string {
  return alone === true ? disk.join(folder, paths[0]) : folder;
}
