import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { DownloadProgress } from '../../data/open-options.ts';
import { failure, misuse } from '../../errors/error.ts';
import type { OfficialFile } from '../../sources/official.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Makes sure that a file lies in `folder` with its published checksum, and downloads it where it is not there. It
 * appears under its name only when it is whole, so that a run that is cut off, or another at the same time, never
 * leaves half a file.
 * @returns its path
 * @throws misuse `wrong-checksum` for a file that is there but another; failure `download-failed`, which says what to
 *   put where
 */
export async function fetchFile(file: OfficialFile, folder: string, options: DownloadOptions): Promise<string> {
  const path = join(folder, file.name);
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  ) {
    await checkKept(path, file, options.signal);
    return path;
  }
  const problems: string[] = [];
  for (const url of file.urls) {
    const partial = `${path}.${randomUUID()}.partial`;
    try {
      await mkdir(folder, { recursive: true });
      const md5 = await download(url, partial, file.name, options);
      if (md5 !== file.md5) throw new Error(`it has MD5 ${md5}, the official file ${file.md5}`);
      await rename(partial, path);
      return path;
    } catch (error) {
      options.signal?.throwIfAborted();
      problems.push(`${url}: ${rootMessage(error)}`);
    } finally {
      await rm(partial, { force: true }).catch(() => {}); // The folder itself may be what cannot be written.
    }
  }
  throw failure({
    code: 'download-failed',
    subject: file.name,
    problem: `could not be downloaded (${problems.join('; ')}).`,
    advice:
      `Put the official file (MD5 ${file.md5}, from ${file.urls[0]}) at ${path}, ` +
      'or give a folder that has the data in place of the name.',
  });
}

async function download(
  url: string,
  target: string,
  name: string,
  { signal, onProgress }: DownloadOptions,
): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null)
    throw new Error(`the server answers ${response.status} ${response.statusText}`);
  const total = Number(response.headers.get('content-length')) || undefined;
  const hash = createHash('md5');
  let received = 0;
  const watch = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      received += piece.length;
      onProgress?.({ file: name, received, total });
      done(null, piece);
    },
  });
  await pipeline(Readable.fromWeb(response.body as ReadableStream), watch, createWriteStream(target), { signal });
  return hash.digest('hex');
}

async function checkKept(path: string, file: OfficialFile, signal?: AbortSignal): Promise<void> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash, { signal });
  const md5 = hash.digest('hex');
  if (md5 === file.md5) return;
  throw misuse({
    code: 'wrong-checksum',
    subject: path,
    problem: `has MD5 ${md5}, the official file ${file.md5}.`,
    advice: 'Remove it to have it downloaded again; other copies of the data are read from a folder given by its path.',
  });
}

/** `fetch failed` has its reason in its cause. */
function rootMessage(error: unknown): string {
  const { cause, message } = error as Error;
  const inner = cause as NodeJS.ErrnoException | undefined;
  return inner?.code ?? inner?.message ?? message;
}
