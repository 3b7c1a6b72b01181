import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { formatField, formatName } from '../../json/format.ts';
import { toText } from '../../json/to-text.ts';
import { readJsonIfThere } from '../../ports/read-json.ts';
import { nodeFiles } from '../files.ts';
import { writeAtomically } from '../output/write-atomically.ts';
import { optionWords } from '../../errors/option-words.ts';

const SWAP_FILE = 'swap.json';
const NEW = '.new';
const KIND = 'swap';
const FORMAT = 1;

const namesSchema = z.array(z.string().regex(/^[\w.-]+$/));
/** Version 0.1.0 wrote the names alone. */
const schema = z.union([
  namesSchema,
  z.looseObject({ format: formatField(KIND, FORMAT), names: namesSchema }).transform(({ names }) => names),
]);

/** The name under which the new content of a file is written. */
export const newName = (name: string): string => `${name}${NEW}`;

/**
 * Puts several new files in the place of old ones, all or none: what is to be done is written down first, and finished
 * by `finishSwap` if it is cut off.
 * @param names files whose new content is on disk under `newName`
 */
export async function swapFiles(directory: string, names: readonly string[]): Promise<void> {
  await writeAtomically(join(directory, SWAP_FILE), toText({ format: formatName(KIND, FORMAT), names }));
  await finishSwap(directory);
}

/** Finishes a swap that was cut off, if there is one. */
export async function finishSwap(directory: string): Promise<void> {
  const path = join(directory, SWAP_FILE);
  const damaged = {
    code: 'run-folder-damaged',
    advice: `Put it back from a copy, or start anew with another ${optionWords('out')}.`,
  };
  const names = await readJsonIfThere(nodeFiles, path, schema, damaged);
  if (names === undefined) return;
  for (const name of names) {
    await rename(join(directory, newName(name)), join(directory, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // was renamed before
    });
  }
  await rm(path);
}
