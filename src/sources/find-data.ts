import { isHousekeeping } from '../data/image-names.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { isFolder } from '../ports/disk.ts';
import type { Disk } from '../ports/disk.ts';
import { isCifarFolder } from './cifar-files.ts';
import { isIdxFolder } from './idx-files.ts';
import { isNpyFolder } from './npy-files.ts';
import { isPythonCifar } from './python-cifar-files.ts';

/** A folder of downloads has few folders; one with more is something else. */
const MOST_FOLDERS = 64;

/** Names of the files in a folder, without those of folders, which may be called as files are. */
export async function filesIn(
  disk: Disk,
  folder: string,
): Promise<{ readonly files: string[]; readonly folders: string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of await disk.entriesIn(folder))
    ((await isFolder(disk, disk.join(folder, entry.name), entry)) ? folders : files).push(entry.name);
  return { files, folders: folders.filter((name) => !isHousekeeping(name, false)) };
}

const isData = (files: readonly string[]): boolean =>
  [isIdxFolder, isCifarFolder, isNpyFolder, isPythonCifar].some((is) => is(files));

/**
 * The folder of arrays below one that holds none itself: as torchvision keeps downloads (`MNIST/raw`,
 * `cifar-10-batches-py`), and as archives unpack.
 * @throws misuse `several-data-sets`
 */
export async function findData(disk: Disk, folder: string, folders: readonly string[]): Promise<string | undefined> {
  const found: string[] = [];
  const look = async (path: string, inside: readonly string[], depth: number): Promise<void> => {
    if (inside.length > MOST_FOLDERS) return;
    for (const name of inside) {
      const below = await filesIn(disk, disk.join(path, name)).catch(() => undefined);
      if (below === undefined) continue;
      if (isData(below.files)) found.push(disk.join(path, name));
      else if (depth > 1) await look(disk.join(path, name), below.folders, depth - 1);
    }
  };
  await look(folder, folders, 2);
  if (found.length > 1) {
    throw misuse({
      code: 'several-data-sets',
      subject: folder,
      problem: `holds ${found.length} data sets: ${found.slice(0, 4).join(', ')}${found.length > 4 ? ', …' : ''}.`,
      advice: `Which one is it? Give its folder as ${optionWords('data')}.`,
    });
  }
  return found[0];
}

/** Archives of CIFAR that lie in a folder. */
export async function archiveIn(disk: Disk, folder: string): Promise<string | undefined> {
  const name = (await disk.namesIn(folder)).find((one) => /^cifar-100?-(binary|python)\.tar\.gz$/.test(one));
  return name === undefined ? undefined : disk.join(folder, name);
}
