import type { ByteReader } from '../data/bytes.ts';
import { parseClassNames } from '../data/class-list.ts';
import type { OpenOptions } from '../data/open-options.ts';
import type { ImageSource } from '../data/source.ts';
import type { FilesOfSplit } from '../data/split-names.ts';
import { type Member, samplesOf, saysLabel } from '../data/webdataset.ts';
import { misuse } from '../errors/error.ts';
import type { Disk } from '../ports/disk.ts';
import { readTextIfThere } from '../ports/read-text.ts';
import type { DataFiles } from './data-files.ts';
import type { Opening } from './data-platform.ts';
import { type ImageFile, imageFileSource } from './image-file-source.ts';
import { labelled, placeOf, titleOf } from './labelled-images.ts';

/** Whether a file may be a shard; archives of CIFAR are known by their names. */
export const isTarShard = (name: string): boolean => /\.(tar|tar\.gz|tgz)$/i.test(name) && !/cifar/i.test(name);

/** No label is longer. */
const MOST_LABEL_BYTES = 1 << 20;

/**
 * Opens shards of a WebDataset: archives of images with their labels beside them, of which names or folders say the
 * split. Images are read where they lie in the archive; one that is compressed is unpacked to a temporary file first.
 * @param chosen paths relative to the folder
 * @throws misuse `damaged-file`, `no-labels`, `malformed-label`, `label-out-of-range`, and what
 *   `imageFileSource` throws
 */
export async function openTarShards(
  folder: string,
  chosen: FilesOfSplit,
  opening: Opening,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk, files } = opening;
  const images: Omit<ImageFile, 'label'>[] = [];
  const labels: (number | string)[] = [];
  let bare = 0;
  for (const path of chosen.paths) {
    const place = disk.join(folder, path);
    const archive = await files.bytes(place);
    const { samples, withoutImage } = samplesOf(
      await membersOf(files, archive, options.signal),
      place,
      options.unlabelled,
    );
    bare += withoutImage;
    for (const { name, start, size, label } of samples) {
      labels.push(label);
      images.push({
        path: `${place} › ${name}`,
        // By the archive alone, so that the folder above it names the same data.
        name: `${disk.nameOf(path)}/${name}`,
        file: `${path.replaceAll('\\', '/')}/${name}`,
        bytes: () => archive.read(start, size),
      });
    }
  }
  if (images.length === 0) {
    throw misuse({
      code: 'empty-data',
      subject: placeOf(disk, folder, chosen),
      problem: 'holds no images in its archives: JPEG, PNG, WebP, TIFF, GIF or AVIF, each with a label beside it.',
      advice: 'Of an archive of class folders, unpack it and give the folder.',
    });
  }
  return imageFileSource(
    {
      name: titleOf(disk, folder, chosen, options.split),
      ...labelled(
        images,
        labels,
        options.unlabelled ? undefined : await classNamesBeside(disk, folder, chosen.paths[0], labels),
      ),
      notes: bare === 0 ? [] : [`passed over: ${bare} samples without an image`],
      close: () => files.close(),
    },
    opening,
    options,
  );
}

/** What an archive holds, and the text of what may be a label. */
async function membersOf(files: DataFiles, archive: ByteReader, signal: AbortSignal | undefined): Promise<Member[]> {
  const members: Member[] = [];
  await files.walkTar(archive, async ({ name, isFile, start, size }) => {
    signal?.throwIfAborted();
    if (!isFile) return;
    const wanted = saysLabel(name) && size <= MOST_LABEL_BYTES;
    const text = wanted ? new TextDecoder().decode(await archive.read(start, size)) : undefined;
    if (!/(^|\/)\.[^/]*$/.test(name)) members.push({ name, start, size, text });
  });
  return members;
}

/** The names of the classes as CLIP's data sets keep them: `classnames.txt` beside the shards or above. */
async function classNamesBeside(
  disk: Disk,
  folder: string,
  shard: string,
  labels: readonly (number | string)[],
): Promise<string[] | undefined> {
  for (const place of new Set([disk.folderOf(disk.join(folder, shard)), folder])) {
    const path = disk.join(place, 'classnames.txt');
    const text = await readTextIfThere(disk, path);
    if (text === undefined) continue;
    const names = parseClassNames(text, path);
    const outside = labels.find((label) => typeof label === 'number' && label >= names.length);
    if (outside === undefined) return names;
    throw misuse({
      code: 'label-out-of-range',
      subject: path,
      problem: `names ${names.length} classes, and there is an image with label ${outside}.`,
      advice: 'It should name every class in the order of the labels, one on each line.',
    });
  }
  return undefined;
}
