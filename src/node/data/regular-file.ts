import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';

/**
 * Opens an ordinary file for reading. Whatever else lies at the path is refused before it is opened: a pipe would wait
 * for a writer, and a device never ends.
 * @throws misuse `unreadable-file`
 */
export async function openRegular(path: string): Promise<{ readonly handle: FileHandle; readonly stats: Stats }> {
  refuseSpecial(path, await stat(path).catch((error) => Promise.reject(unreadable(path, error))));
  const handle = await open(path, 'r').catch((error) => Promise.reject(unreadable(path, error)));
  return { handle, stats: await handle.stat() };
}

/**
 * The whole of an ordinary file.
 * @param most bytes that it may have
 * @throws misuse `unreadable-file`, `file-too-large`
 */
export async function readRegular(path: string, most = 2 ** 31 - 1): Promise<Buffer> {
  const { handle, stats } = await openRegular(path);
  try {
    if (stats.size > most) {
      throw misuse({
        code: 'file-too-large',
        subject: path,
        problem: `has ${stats.size} bytes; at most ${most} are read.`,
      });
    }
    return await handle.readFile().catch((error) => Promise.reject(unreadable(path, error)));
  } finally {
    await handle.close();
  }
}

/** @throws misuse `unreadable-file` where this is no ordinary file */
export function refuseSpecial(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw misuse({
    code: 'unreadable-file',
    subject: path,
    problem: `is ${kindOf(stats)}, not a file.`,
    advice: stats.isDirectory() ? undefined : 'Write its content to a file first.',
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** What the system said when a file or folder could not be read, as an error that names it. */
export function unreadable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons = new Map([
    ['ENOENT', 'does not exist.'],
    ['ENOTDIR', 'does not exist: a part of its path is a file.'],
    ['EACCES', 'may not be read by this user.'],
    ['EISDIR', 'is a folder.'],
    ['ELOOP', 'is a link that leads back to itself.'],
  ]);
  return misuse(
    { code: 'unreadable-file', subject: path, problem: reasons.get(code ?? '') ?? `cannot be read (${message}).` },
    { cause: error },
  );
}

/** Whether a file could not be read because there is none. */
export function isMissing(error: unknown): boolean {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  return cause?.code === 'ENOENT';
}
