import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest } from '../../errors/nearest.ts';

/**
 * The path to what lies where a path that does not exist leads and has nearly its name: a slip of the pen.
 * @returns ` Did you mean "photos"?`, or nothing
 */
export async function didYouMeanPath(path: string): Promise<string> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const nearest = closest(basename(path), names);
  if (nearest === undefined) return '';
  return ` Did you mean "${folder === '.' && !path.startsWith('.') ? nearest : join(folder, nearest)}"?`;
}
