import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Disk, Kind } from '../../ports/disk.ts';
import { nodeFiles } from '../files.ts';
import { unreadable } from './regular-file.ts';

const { join, nameOf, folderOf, namesIn, read, readIfThere } = nodeFiles;

/** The file system. */
export const nodeDisk: Disk = {
  join,
  nameOf,
  folderOf,
  namesIn,
  read,
  readIfThere,
  resolve,
  titleOf: (path) => basename(resolve(path)),
  within(path, folder) {
    const way = relative(folder, path);
    return way.split(sep)[0] === '..' || isAbsolute(way) ? undefined : way;
  },
  kindOf: (path) =>
    stat(path).then(kindOf, (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw unreadable(path, error);
    }),
  async entriesIn(folder) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
      throw unreadable(folder, error);
    });
    return entries
      .map((entry) => ({ name: entry.name, kind: entry.isSymbolicLink() ? ('link' as const) : kindOf(entry) }))
      .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  },
  realPath: (path) =>
    realpath(path).catch((error) => {
      throw unreadable(path, error);
    }),
};

function kindOf(found: Stats | Dirent): Kind {
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'special';
}
