import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { makeFolder } from './make-folder.ts';
import type { FolderClaim } from '../../ports/folders.ts';
import { refuseInputs } from './same-file.ts';
import { isTemporary } from './write-atomically.ts';

/** See `Folders`. */
export async function claimFolder(path: string, { what, inputs = [], isOurs }: FolderClaim): Promise<void> {
  await refuseInputs(path, inputs);
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) {
    throw misuse({
      code: 'output-not-writable',
      subject: path,
      problem: `is no folder, as ${what} needs.`,
      advice: `Choose another ${optionWords('out')}.`,
    });
  }
  await makeFolder(path);
  const names = (await readdir(path)).filter((name) => !OF_NOBODY.test(name) && !isTemporary(name));
  if (names.length === 0 || (await isOurs(new Set(names)))) return;
  const shown = names.sort().slice(0, SHOWN).join(', ');
  throw misuse({
    code: 'folder-in-other-use',
    subject: path,
    problem:
      `holds other things than ${what} ` +
      `(${shown}${names.length > SHOWN ? `, and ${names.length - SHOWN} more` : ''}); nothing is written into it.`,
    advice: `Choose another ${optionWords('out')}: a new folder, an empty one, or that of such a run.`,
  });
}

const SHOWN = 3;

/** What systems and editors leave in any folder, and what a run that ended before its first file leaves of its own. */
const OF_NOBODY = /^(\.|Thumbs\.db$|desktop\.ini$|run\.lock(\.|$))/i;

/** Removes what a kill left of files under way. For a folder that this process alone works in. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isTemporary(name)) await rm(join(folder, name), { force: true });
  }
}
