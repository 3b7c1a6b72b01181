import { readdir } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { closest } from '../../errors/nearest.ts';

/**
 * The path to what lies where a path that does not exist leads and has nearly its name: a slip of the pen.
 * @returns ` Did you mean "photos"?`, or nothing
 */
export async function didYouMeanPath(path: string): Promise<string> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  // An ending that both have makes no two names alike.
  const nearest = closest(basename(path), names, parse(path).name.length);
  if (nearest === undefined) return '';
  return ` Did you mean "${folder === '.' && !path.startsWith('.') ? nearest : join(folder, nearest)}"?`;
}
