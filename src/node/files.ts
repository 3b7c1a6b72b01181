import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Files } from '../ports/files.ts';
import { isMissing, readRegular } from './data/regular-file.ts';
import { makeFolder } from './output/make-folder.ts';
import { writeAtomically } from './output/write-atomically.ts';

/** The file system. */
export const nodeFiles: Files = {
  join,
  nameOf: (path) => basename(path),
  folderOf: dirname,
  kindOf: (path) =>
    stat(path).then(
      (found) => (found.isDirectory() ? 'folder' : 'file'),
      () => undefined,
    ),
  namesIn: (folder) => readdir(folder).catch(() => []),
  read: readRegular,
  readIfThere: (path, most) =>
    readRegular(path, most).catch((error) => {
      if (isMissing(error)) return undefined;
      throw error;
    }),
  write: (path, content) => writeAtomically(path, content),
  remove: (path) => rm(path, { force: true }),
  makeFolder,
};
