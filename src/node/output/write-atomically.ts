import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writing } from './output-errors.ts';

/**
 * Replaces a file as a whole: whatever happens meanwhile, it holds the old content or the new one. The new one is
 * on disk when the promise resolves.
 * @param beforeRename when the new content is on disk and the old one still in place
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  { beforeRename }: { readonly beforeRename?: () => Promise<void> } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  await writing(path, async () => {
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await beforeRename?.();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  });
  await syncFolder(dirname(path));
}

/** Whether a file of this name is one under way, of which a kill leaves what is written so far. */
export function isTemporary(name: string): boolean {
  return /.\.[0-9a-f]{8}\.tmp$/.test(name);
}

/** Makes a rename last through a power cut, on the systems where a folder can be synchronised. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows and some network file systems refuse; the rename is still atomic there.
  }
}
