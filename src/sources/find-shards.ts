import { splitOf } from '../data/split-names.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Disk } from '../ports/disk.ts';
import { filesIn } from './find-data.ts';

/** Folders of shards have few folders: those of configurations and splits. */
const MOST_FOLDERS = 64;
const DEEPEST = 3;

/**
 * Files of a kind in a folder of shards and the folders below it, relative to it and in the order of their names.
 * @throws misuse `several-data-sets` where they lie in folders of several configurations
 */
export async function findShards(disk: Disk, folder: string, isShard: (name: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  const look = async (inside: string, depth: number): Promise<void> => {
    const { files, folders } = await filesIn(disk, disk.join(folder, inside)).catch(() => ({ files: [], folders: [] }));
    for (const name of files) if (isShard(name)) found.push(disk.join(inside, name));
    if (depth === 0 || folders.length > MOST_FOLDERS) return;
    for (const name of folders) await look(disk.join(inside, name), depth - 1);
  };
  await look('', DEEPEST);
  refuseSeveral(folder, found);
  return found.sort();
}

/** Folders that are not called for a split are configurations of a data set, as `fine` and `coarse`. */
function refuseSeveral(folder: string, found: readonly string[]): void {
  const configurations = new Set(
    found.map((path) =>
      path
        .split(/[\\/]/)
        .slice(0, -1)
        .filter((part) => splitOf(part) === undefined)
        .join('/'),
    ),
  );
  if (configurations.size < 2) return;
  const named = [...configurations].slice(0, 4).map((name) => (name === '' ? '.' : name));
  throw misuse({
    code: 'several-data-sets',
    subject: folder,
    problem:
      `holds files in the folders of ${configurations.size} data sets: ` +
      `${named.join(', ')}${configurations.size > 4 ? ', …' : ''}.`,
    advice: `Which one is it? Give its folder as ${optionWords('data')}.`,
  });
}
