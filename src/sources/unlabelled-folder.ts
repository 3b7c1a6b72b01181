import { numberLabelling } from '../data/labelling.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { PassedOver } from '../data/passed-over.ts';
import type { ImageSource } from '../data/source.ts';
import { SPLITS } from '../data/splits.ts';
import { misuse } from '../errors/error.ts';
import { arrangementOf } from './class-folders.ts';
import type { DataPlatform } from './data-platform.ts';
import { imageFileSource } from './image-file-source.ts';
import { ImageWalk } from './walk-images.ts';

/**
 * Opens a folder of images without labels: all images below it, or below the folder of the split where there are such.
 * @throws misuse `empty-data`, and what `imageFileSource` throws
 */
export async function openUnlabelledFolder(
  root: string,
  platform: DataPlatform,
  options: OpenOptions,
): Promise<ImageSource> {
  const { disk } = platform;
  const arrangement = await arrangementOf(disk, root);
  const splits = arrangement.kind === 'splits' || arrangement.kind === 'unsorted' ? arrangement.splits : [];
  const split = splits.find((name) => SPLITS[options.split].includes(name.toLowerCase()));
  const folder = split === undefined ? root : disk.resolve(arrangement.folder, split);
  const passed = new PassedOver();
  const walk = new ImageWalk(disk, await disk.realPath(folder), passed, options.signal);
  const { images } = await walk.below(folder, disk.titleOf(folder));
  if (images.length === 0) {
    throw misuse({ code: 'empty-data', subject: folder, problem: 'holds no images that can be read.' });
  }
  const files = images.map(({ path, name }) => ({ path, name, label: 0 }));
  const name = split === undefined ? disk.titleOf(root) : `${disk.titleOf(root)} ${split}`;
  const data = { name, files, classes: 1, labelling: numberLabelling([0]), notes: passed.note() };
  return imageFileSource(data, platform, options);
}
