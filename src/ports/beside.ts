import { closest } from '../errors/nearest.ts';
import type { Files } from './files.ts';

/**
 * The path to what lies where a path that does not exist leads and has nearly its name: a slip of the pen.
 * @returns ` Did you mean "photos"?`, or nothing
 */
export async function didYouMeanPath(
  files: Pick<Files, 'join' | 'nameOf' | 'folderOf' | 'namesIn'>,
  path: string,
): Promise<string> {
  const folder = files.folderOf(path);
  const name = files.nameOf(path);
  // An ending that both have makes no two names alike.
  const nearest = closest(name, await files.namesIn(folder), name.replace(/(?<=.)\.[^.]*$/, '').length);
  return nearest === undefined ? '' : ` Did you mean "${files.join(folder, nearest)}"?`;
}
