import { isCoco, readCoco } from '../data/coco.ts';
import { imageNetLabels, readGroundTruth, readSynsets } from '../data/imagenet.ts';
import type { OpenOptions } from '../data/open-options.ts';
import type { ImageSource } from '../data/source.ts';
import { SPLITS } from '../data/splits.ts';
import { misuse } from '../errors/error.ts';
import { parseJson } from '../json/parse-json.ts';
import type { Disk } from '../ports/disk.ts';
import { readText } from '../ports/read-text.ts';
import type { DataPlatform } from './data-platform.ts';
import { imageFileSource } from './image-file-source.ts';
import { labelled } from './labelled-images.ts';
import { openIfManifest } from './manifest.ts';

/**
 * Opens a folder of images whose labels stand in a file of it, not in the names of folders: `metadata.csv`, `.jsonl` or
 * `.parquet` as Hugging Face's `imagefolder` has it, annotations of COCO's form, or ImageNet's validation images with
 * their ground truth.
 * @returns `undefined` where there is no such file
 */
export async function openListing(
  folder: string,
  platform: DataPlatform,
  options: OpenOptions,
): Promise<ImageSource | undefined> {
  const { disk } = platform;
  const names = await namesIn(disk, folder);
  const splits = SPLITS[options.split].flatMap((wanted) => names.filter((name) => name.toLowerCase() === wanted));
  for (const place of [...splits.slice(0, 1).map((name) => disk.join(folder, name)), folder]) {
    const inside = await namesIn(disk, place);
    const title = `${disk.titleOf(folder)} ${options.split}`;
    const metadata = inside.find((name) => /^metadata\.(csv|jsonl|parquet)$/i.test(name));
    const how = { name: title, byFolder: true };
    if (metadata !== undefined) {
      const listed = await openIfManifest('metadata', disk.join(place, metadata), platform, options, how);
      if (listed !== undefined) return listed;
    }
    for (const path of await jsonFiles(disk, place, options.split))
      if (await holdsCoco(disk, path)) return openCoco(path, platform, options, title);
    if (inside.some((name) => VALIDATION.test(name))) return openImageNet(place, inside, platform, options, title);
  }
  return undefined;
}

const namesIn = async (disk: Disk, folder: string): Promise<string[]> => [...(await disk.namesIn(folder))].sort();

/** Whether a JSON file is a classification as COCO has it. */
export async function holdsCoco(disk: Disk, path: string): Promise<boolean> {
  return isCoco(await readJsonFile(disk, path).catch(() => undefined));
}

/** JSON files in a folder of images or in its `annotations`; those of the split by their names where some say one. */
async function jsonFiles(disk: Disk, folder: string, split: 'test' | 'train'): Promise<string[]> {
  const found: string[] = [];
  for (const place of [folder, disk.join(folder, 'annotations')])
    for (const name of await namesIn(disk, place)) if (/\.json$/i.test(name)) found.push(disk.join(place, name));
  const wordsOf = (path: string): string[] =>
    disk
      .nameOf(path)
      .toLowerCase()
      .split(/[^a-z]+/);
  const others = SPLITS[split === 'test' ? 'train' : 'test'];
  const mine = found.filter((path) => !wordsOf(path).some((word) => others.includes(word)));
  return mine.sort((a, b) => rank(wordsOf(a), split) - rank(wordsOf(b), split));
}

/** Files that name the split come first, in the order of its names. */
function rank(words: readonly string[], split: 'test' | 'train'): number {
  const at = SPLITS[split].findIndex((name) => words.includes(name));
  return at < 0 ? SPLITS[split].length : at;
}

async function readJsonFile(disk: Disk, path: string): Promise<unknown> {
  return parseJson(await readText(disk, path), {
    subject: path,
    code: 'malformed-coco',
    advice: 'Get it again.',
  });
}

/**
 * Opens a classification of COCO's form: images lie beside the file or in a folder near it.
 * @throws misuse `malformed-coco`, `several-labels`, `label-out-of-range`, `empty-data`, and what `imageFileSource`
 *   throws
 */
export async function openCoco(
  path: string,
  platform: DataPlatform,
  options: OpenOptions,
  name = platform.disk.nameOf(path),
): Promise<ImageSource> {
  const { disk } = platform;
  const { images, classNames, notes } = readCoco(await readJsonFile(disk, path), path);
  if (images.length === 0)
    throw misuse({ code: 'empty-data', subject: path, problem: 'lists no image with a category.' });
  const place = await placeOf(disk, path, images[0].file);
  return imageFileSource(
    {
      name,
      ...labelled(
        images.map(({ file }) => ({ path: disk.resolve(place, file), name: file.replaceAll('\\', '/') })),
        images.map(({ label }) => label),
        classNames,
      ),
      notes,
    },
    platform,
    options,
  );
}

/** The folder that holds the images of a list: its own, the one above, or a folder of either. */
async function placeOf(disk: Disk, list: string, first: string): Promise<string> {
  const own = disk.folderOf(disk.resolve(list));
  const near = [own, disk.folderOf(own)];
  const words = disk
    .nameOf(list)
    .replace(/\.json$/i, '')
    .split(/[^a-z0-9]+/i)
    .filter(Boolean);
  const inside = ['images', 'data', ...words, ...SPLITS.test, ...SPLITS.train];
  const candidates = [...near, ...near.flatMap((place) => inside.map((name) => disk.join(place, name)))];
  for (const candidate of candidates)
    if ((await disk.kindOf(disk.resolve(candidate, first)).catch(() => undefined)) === 'file') return candidate;
  return own;
}

/** ImageNet's validation images, as its archive unpacks: 50,000 in one folder. */
const VALIDATION = /^ILSVRC2012_val_\d{8}\.jpe?g$/i;
const TRUTH =
  /^(LOC_val_solution\.csv|ILSVRC2012_validation_ground_truth\.txt|imagenet_2012_validation_synset_labels\.txt|val\.txt)$/i;
const SYNSETS = /^(map_clsloc|LOC_synset_mapping|synset_words|synsets?|imagenet_lsvrc_2015_synsets)\.txt$/i;
/** Where the files of labels lie, seen from the images: beside them, above, in the development kit. */
const AROUND = ['', '..', '../..', 'data', '../data', 'ILSVRC2012_devkit_t12/data', '../ILSVRC2012_devkit_t12/data'];

async function openImageNet(
  folder: string,
  names: readonly string[],
  platform: DataPlatform,
  options: OpenOptions,
  title: string,
): Promise<ImageSource | undefined> {
  const { disk } = platform;
  const images = names.filter((name) => VALIDATION.test(name));
  const truths = await around(disk, folder, TRUTH);
  // The list that names the classes themselves goes before numbers, which need another file.
  const truth = truths.sort((a, b) => Number(/ground_truth/i.test(a)) - Number(/ground_truth/i.test(b))).at(0);
  if (truth === undefined) {
    for (const list of await around(disk, folder, /\.csv$/i)) {
      const listed = await openIfManifest('list', list, platform, options, { name: title, images: folder });
      if (listed !== undefined) return listed;
    }
    throw misuse({
      code: 'missing-labels',
      subject: folder,
      problem: `holds ${images.length} validation images of ImageNet and no file of their labels.`,
      advice:
        'Put LOC_val_solution.csv, a CSV file with the columns path,label, or ' +
        'ILSVRC2012_validation_ground_truth.txt beside or above them, the last with a synset file ' +
        '(map_clsloc.txt); or sort the images into folders of classes.',
    });
  }
  const lists = await around(disk, folder, SYNSETS);
  const synsets = lists.sort((a, b) => Number(/map_clsloc/i.test(b)) - Number(/map_clsloc/i.test(a))).at(0);
  const stems = images.map((name) => name.replace(/\.[^.]*$/, ''));
  const { labels, classNames, notes } = imageNetLabels(
    stems,
    readGroundTruth(await readText(disk, truth), truth),
    truth,
    synsets === undefined ? undefined : readSynsets(await readText(disk, synsets), synsets),
  );
  return imageFileSource(
    {
      name: title,
      ...labelled(
        images.map((name) => ({ path: disk.join(folder, name), name })),
        labels,
        classNames,
      ),
      notes: [`labels: from ${truth}`, ...notes],
    },
    platform,
    options,
  );
}

async function around(disk: Disk, folder: string, wanted: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const place of AROUND)
    for (const name of await namesIn(disk, disk.join(folder, place)))
      if (wanted.test(name)) found.push(disk.join(folder, place, name));
  return found;
}
