import { orderClasses } from '../data/class-order.ts';
import { nameLabelling } from '../data/labelling.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { PassedOver } from '../data/passed-over.ts';
import type { ImageSource } from '../data/source.ts';
import { SPLITS } from '../data/splits.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Disk } from '../ports/disk.ts';
import { arrangementOf, type Arrangement, holdsImages, innermost, levelOf } from './class-folders.ts';
import type { DataPlatform } from './data-platform.ts';
import { imageFileSource } from './image-file-source.ts';
import { type FoundImage, ImageWalk } from './walk-images.ts';

/**
 * Opens a folder with a folder of images for each class, as ImageNet lies. Above the classes there may be folders of
 * splits (`train`, `val`, `test`), among others; without them, the same images serve any split. Classes are numbered in
 * the order of their names, those of all splits together, so that one of which a split has no image shifts no other. A
 * folder without any file is no class; the source's labelling tells of it.
 * @throws misuse `empty-data`, `no-classes`, `missing-split`, `unclear-split`, and what `imageFileSource` throws
 */
export async function openImageFolder(
  root: string,
  platform: DataPlatform,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk } = platform;
  const arrangement = await arrangementOf(disk, root);
  const passed = new PassedOver();
  if (arrangement.kind === 'unclear') throw unclear(disk, arrangement);
  if (arrangement.kind === 'unsorted') throw await unsorted(disk, arrangement);
  const { folder, level } = arrangement;
  level.hidden.forEach((name) => passed.add('hidden', name));
  level.links.forEach((name) => passed.add('link', name));
  if (arrangement.kind === 'classes') {
    const notes = options.split === 'train' && options.unlabelled !== true ? [ONE_FOR_ALL] : [];
    return openClasses(root, folder, disk.titleOf(root), [], passed, platform, options, notes);
  }
  arrangement.beside.forEach((name) => passed.add('beside', name));
  if (level.loose > 0) passed.add('loose', disk.titleOf(folder), level.loose);
  const split = SPLITS[options.split]
    .map((wanted) => arrangement.splits.find((name) => name.toLowerCase() === wanted))
    .find((name) => name !== undefined);
  if (split === undefined) {
    throw misuse({
      code: 'missing-split',
      subject: root,
      problem: `has no folder of classes for the ${options.split} split; it has ${arrangement.splits.join(', ')}.`,
      advice: `Name it ${SPLITS[options.split][0]}, or ask for the other ${optionWords('split')}.`,
    });
  }
  const elsewhere: string[] = [];
  for (const other of arrangement.splits)
    if (other !== split)
      for (const name of await classesIn(disk, await innermost(disk, disk.join(folder, other)))) elsewhere.push(name);
  const classes = await innermost(disk, disk.join(folder, split));
  const inside = await levelOf(disk, classes);
  inside.hidden.forEach((name) => passed.add('hidden', `${split}/${name}`));
  inside.links.forEach((name) => passed.add('link', `${split}/${name}`));
  return openClasses(root, classes, `${disk.titleOf(root)} ${split}`, elsewhere, passed, platform, options);
}

const ONE_FOR_ALL =
  'splits: there are no folders train and test, so that all images are trained on; measure on ' +
  'others, as these tell too much';

/** Names of the folders with images. */
async function classesIn(disk: Disk, folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of (await levelOf(disk, folder)).folders)
    if (await holdsImages(disk, disk.join(folder, name))) names.push(name);
  return names;
}

/**
 * @param elsewhere names of classes in other splits
 * @param first notes that come before the others
 */
async function openClasses(
  root: string,
  folder: string,
  name: string,
  elsewhere: readonly string[],
  passed: PassedOver,
  platform: DataPlatform,
  options: OpenOptions,
  first: readonly string[] = [],
): Promise<ImageSource> {
  const { disk } = platform;
  const { folders, loose } = await levelOf(disk, folder);
  const walk = new ImageWalk(disk, await disk.realPath(folder), passed, options.signal);
  const found: { readonly name: string; readonly images: readonly FoundImage[]; readonly others: number }[] = [];
  const empty: string[] = [];
  for (const own of folders) {
    options.signal?.throwIfAborted();
    const below = await walk.below(disk.join(folder, own), own);
    if (below.images.length + below.others > 0) found.push({ name: own, ...below });
    else if (below.files === 0) empty.push(own);
    if (below.images.length + below.others === 0 && !elsewhere.includes(own)) passed.add('noClass', own);
  }
  const kept = new Set(onceEach(found.flatMap(({ images }) => images)));
  const classes = found.filter(({ images, others }) => others > 0 || images.some((image) => kept.has(image)));
  if (kept.size === 0) throw nothingFound(folder, loose, passed);
  if (loose > 0) passed.add('loose', disk.titleOf(folder), loose);
  found
    .flatMap(({ images }) => images)
    .filter((image) => !kept.has(image))
    .forEach((image) => passed.add('link', image.name));
  const { names } = orderClasses([...new Set([...classes.map((one) => one.name), ...elsewhere])], 'folders');
  const labelOf = new Map(names.map((own, label) => [own, label]));
  const within = disk.within(folder, root)!.replaceAll('\\', '/');
  const files = names.flatMap((own) =>
    (classes.find((one) => one.name === own)?.images ?? [])
      .filter((image) => kept.has(image))
      .map(({ path, name: inside }) => ({
        path,
        name: inside,
        label: labelOf.get(own)!,
        file: within === '' ? inside : `${within}/${inside}`,
      })),
  );
  return imageFileSource(
    {
      name,
      files,
      classes: names.length,
      classNames: names,
      labelling: nameLabelling(
        files.map(({ label }) => label),
        'folders',
        empty.filter((own) => !elsewhere.includes(own)),
      ),
      notes: [
        ...first,
        ...(within === '' || elsewhere.length > 0 ? [] : [`images: read from ${within}`]),
        ...passed.note(),
      ],
    },
    platform,
    options,
  );
}

/** Each image once, as itself where a link leads to it too. */
function onceEach(images: readonly FoundImage[]): FoundImage[] {
  const byPlace = new Map<string, FoundImage>();
  for (const image of images) {
    const before = byPlace.get(image.real);
    if (before === undefined || (before.linked && !image.linked)) byPlace.set(image.real, image);
  }
  return [...byPlace.values()];
}

function nothingFound(folder: string, loose: number, passed: PassedOver): Error {
  if (loose > 0) {
    return misuse({
      code: 'no-classes',
      subject: folder,
      problem: `has ${loose} images that lie in no class folder.`,
      advice:
        'Put the images of each class in a folder of its own, or list them in a CSV file with the columns path,label.',
    });
  }
  const left = passed.count('format');
  return left === 0
    ? misuse({
        code: 'empty-data',
        subject: folder,
        problem: 'holds no images that can be read in class folders: JPEG, PNG, WebP, TIFF, GIF or AVIF.',
      })
    : misuse({
        code: 'empty-data',
        subject: folder,
        problem: `holds ${left} images in formats that are not read (${passed.endings}), and none in others.`,
        advice: 'Convert them to PNG, as ImageMagick does: magick mogrify -format png FILES.',
      });
}

function unclear(disk: Disk, { folder, split, others }: Arrangement & { readonly kind: 'unclear' }): Error {
  return misuse({
    code: 'unclear-split',
    subject: folder,
    problem:
      `has the folder ${split}, named like a split and with folders of its own, ` +
      `beside others with images (${others.slice(0, 3).join(', ')}).`,
    advice:
      `Give ${disk.join(folder, split)} itself as ${optionWords('data')}, or move away what does not belong to ` +
      'the data set.',
  });
}

async function unsorted(disk: Disk, { folder, splits }: Arrangement & { readonly kind: 'unsorted' }): Promise<Error> {
  let loose = 0;
  for (const split of splits) loose += (await levelOf(disk, disk.join(folder, split))).loose;
  return misuse({
    code: 'no-classes',
    subject: folder,
    problem: `has ${loose} images in ${splits.join(', ')} that lie in no class folder.`,
    advice:
      'Put the images of each class in a folder of its own, or list them in a CSV file with the columns path,label.',
  });
}
