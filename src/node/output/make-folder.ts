import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writing } from './output-errors.ts';

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never returns where a folder exists but refuses
 * children with ENOENT, as /proc does.
 *
 * @throws misuse `output-not-writable`, failure `disk-full`
 */
export async function makeFolder(path: string): Promise<void> {
  await writing(path, () => makeWithParents(path));
}

async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || (await exists(dirname(path)))) throw error;
    await makeWithParents(dirname(path));
    await makeWithParents(path);
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
