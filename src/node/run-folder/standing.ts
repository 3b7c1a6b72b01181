import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStanding } from '../../applications/evaluate/run-folder.ts';
import { RECORDS_FILE, RESULT_FILE } from '../../applications/evaluate/run-files.ts';
import { largestOf } from '../../statistics/extremes.ts';
import { isGone, isSilent, parseHolder } from './holder.ts';
import { LOCK_FILE } from './lock.ts';
import { checksumsFile } from './row-checksums.ts';

/** See `RunFolders`. */
export async function standingOf(directory: string): Promise<RunStanding | undefined> {
  const at = (name: string) => stat(join(directory, name)).catch(() => undefined);
  const records = await at(RECORDS_FILE);
  if (records === undefined) return undefined;
  const [checksums, result, lock] = [await at(checksumsFile(RECORDS_FILE)), await at(RESULT_FILE), await at(LOCK_FILE)];
  const changed = largestOf([records, checksums, result, lock].map((file) => file?.mtimeMs ?? 0));
  return {
    // One of four bytes for each line.
    images: Math.floor((checksums?.size ?? 0) / 4),
    isFinished: result !== undefined,
    isHeld: lock !== undefined && (await isHeld(directory)),
    idleSeconds: Math.max(0, (Date.now() - changed) / 1000),
  };
}

async function isHeld(directory: string): Promise<boolean> {
  const path = join(directory, LOCK_FILE);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && !(await isGone(holder)) && !(await isSilent(path, holder));
}
