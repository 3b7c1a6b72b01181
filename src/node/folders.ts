import { join } from 'node:path';
import type { Folders } from '../ports/folders.ts';
import { claimFile } from './output/claim-file.ts';
import { claimFolder, removeLeftovers } from './output/claim-folder.ts';
import { LOCK_FILE, lock } from './run-folder/lock.ts';

/** Folders on disk, which a file in them keeps for one process. */
export const nodeFolders: Folders = {
  claim: claimFolder,
  claimFile,
  async lock(path) {
    const unlock = await lock(join(path, LOCK_FILE));
    await removeLeftovers(path).catch(async (error) => {
      await unlock();
      throw error;
    });
    return unlock;
  },
};
