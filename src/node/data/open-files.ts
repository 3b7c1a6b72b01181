import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ByteReader } from '../../data/bytes.ts';
import { failure, GimbalError, misuse } from '../../errors/error.ts';
import { openRegular } from './regular-file.ts';

/** A stream of Node or of tar-stream. */
type PieceStream = AsyncIterable<unknown> & { on(event: 'error', listener: () => void): unknown };

/** The files that a source reads from, closed together. */
export class OpenFiles {
  readonly #handles: FileHandle[] = [];
  readonly #folders: string[] = [];
  #closed = false;

  /** The bytes of a file, those inside where it is gzipped (whatever its name). */
  async bytes(path: string): Promise<ByteReader> {
    const file = await this.plain(path);
    const magic = await file.read(0, Math.min(2, file.size));
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return file;
    return this.unpacked(
      pipeline(createReadStream(path), createGunzip(), () => {}),
      path,
    );
  }

  async plain(path: string): Promise<ByteReader> {
    const { handle, stats } = await openRegular(path);
    await this.#keep(handle);
    return reader(path, handle, stats.size);
  }

  /**
   * The bytes of a stream, readable at any place: they go to a temporary file, so that memory does not grow with them.
   * @param name what messages call the bytes
   */
  async unpacked(stream: PieceStream, name: string): Promise<ByteReader> {
    stream.on('error', () => {}); // It may fail before it is read below; reading it then throws the error.
    try {
      const handle = await this.#temporary().catch((error) => {
        throw unpackingFailed(name, error);
      });
      for await (const piece of stream) {
        await handle.appendFile(piece as Uint8Array).catch((error) => {
          throw unpackingFailed(name, error);
        });
      }
      return reader(name, handle, (await handle.stat()).size);
    } catch (error) {
      throw damaged(name, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#handles.splice(0).map((handle) => handle.close()));
    await Promise.all(this.#folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  }

  /** Of files that open side by side one may fail, and all be closed, before another is open. */
  async #keep(handle: FileHandle): Promise<void> {
    if (!this.#closed) {
      this.#handles.push(handle);
      return;
    }
    await handle.close();
    throw new Error('internal: the files are closed already');
  }

  async #temporary(): Promise<FileHandle> {
    const folder = await mkdtemp(join(tmpdir(), 'gimbal-'));
    this.#folders.push(folder);
    const handle = await open(join(folder, 'unpacked'), 'w+');
    await this.#keep(handle);
    // An open file outlives its name on POSIX systems: nothing stays behind, however the process ends.
    if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true });
    return handle;
  }
}

/**
 * What unpacking threw, as an error of the file; errors that say what they are about, and abortion, stay as they are.
 */
export function damaged(name: string, error: unknown): unknown {
  const { code, message, name: kind } = error as NodeJS.ErrnoException;
  if (error instanceof GimbalError || kind === 'AbortError') return error;
  const cut = code === 'Z_BUF_ERROR' || /unexpected end/i.test(message);
  return misuse(
    {
      code: cut ? 'cut-file' : 'damaged-file',
      subject: name,
      problem: cut ? 'ends before its packed data does.' : `cannot be unpacked (${message}).`,
      advice: 'Get the file again.',
    },
    { cause: error },
  );
}

function unpackingFailed(name: string, error: unknown): Error {
  return failure(
    {
      code: 'unpacking-failed',
      subject: name,
      problem: `cannot be unpacked to ${tmpdir()} (${(error as Error).message}).`,
      advice: 'Free some space there, point TMPDIR elsewhere, or unpack the file yourself.',
    },
    { cause: error },
  );
}

function reader(name: string, handle: FileHandle, size: number): ByteReader {
  return {
    name,
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0)
          throw misuse({ code: 'cut-file', subject: name, problem: 'became shorter while it was read.' });
        done += bytesRead;
      }
      return bytes;
    },
  };
}
