import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { writing } from './output-errors.ts';
import type { FileClaim } from '../../ports/folders.ts';
import { refuseInputs } from './same-file.ts';

/** See `Folders`. */
export async function claimFile(
  path: string,
  { inputs, isOurs, what, option = optionWords('out') }: FileClaim,
): Promise<string> {
  const exists = (problem: string): Error => alreadyThere(path, problem, what, option);
  await writing(path, () => access(dirname(path), constants.W_OK), option);
  const link = await lstat(path).catch(() => undefined);
  if (link === undefined) return path;
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) throw exists('is a link that leads nowhere');
  const stats = await stat(target);
  if (!stats.isFile()) throw exists(`is ${stats.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`);
  await refuseInputs(path, inputs, option);
  if (!(await isOurs(target))) throw exists(`exists and is not ${what}`);
  return target;
}

function alreadyThere(path: string, problem: string, what: string, option: string): Error {
  return misuse({
    code: 'output-exists',
    subject: path,
    problem: `${problem}; it is left as it is.`,
    advice: `Choose another ${option}, or move it away first: only ${what} is replaced.`,
  });
}
