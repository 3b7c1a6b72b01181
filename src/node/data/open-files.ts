import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ByteReader } from '../../data/bytes.ts';
import { failure, misuse } from '../../errors/error.ts';
import type { DataFiles } from '../../sources/data-files.ts';
import type { PackedBytes } from '../../sources/packed-bytes.ts';
import { deflatedBytes, storedBytes } from './packed-bytes.ts';
import { openRegular } from './regular-file.ts';
import { walkTar } from './walk-tar.ts';
import { openZip } from './zip-file.ts';

/** The files that a source reads from, closed together. */
export class OpenFiles implements DataFiles {
  readonly #closings: (() => Promise<unknown>)[] = [];
  #closed = false;

  /** The bytes of a file, those inside where it is gzipped (whatever its name). */
  async packed(path: string): Promise<PackedBytes> {
    const file = await this.plain(path);
    const magic = await file.read(0, Math.min(2, file.size));
    return magic[0] === 0x1f && magic[1] === 0x8b
      ? deflatedBytes(path, file, createGunzip, {}, this.keep)
      : storedBytes(file);
  }

  /** As `packed`, unpacked. */
  async bytes(path: string): Promise<ByteReader> {
    return (await this.packed(path)).unpack();
  }

  /** See `openZip`. */
  members(path: string): Promise<ReadonlyMap<string, () => Promise<PackedBytes>>> {
    return openZip(path, this);
  }

  readonly walkTar = walkTar;

  async plain(path: string): Promise<ByteReader> {
    const { handle, stats } = await openRegular(path);
    await this.closing(() => handle.close());
    return reader(path, handle, stats.size);
  }

  /**
   * Bytes that come piece by piece, readable at any place: they go to a temporary file, so that memory does not grow
   * with them.
   * @param name what messages call the bytes
   * @throws failure `unpacking-failed`, and what the pieces throw
   */
  readonly keep = async (name: string, pieces: AsyncIterable<Uint8Array>): Promise<ByteReader> => {
    const failed = (error: unknown) => {
      throw unpackingFailed(name, error);
    };
    const handle = await this.#temporary().catch(failed);
    let size = 0;
    for await (const piece of pieces) {
      await handle.appendFile(piece).catch(failed);
      size += piece.length;
    }
    return reader(name, handle, size);
  };

  /**
   * Has something closed with the files. Of files that open side by side one may fail, and all be closed, before
   * another is open.
   */
  async closing(close: () => Promise<unknown>): Promise<void> {
    if (!this.#closed) {
      this.#closings.push(close);
      return;
    }
    await close();
    throw new Error('internal: the files are closed already');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#closings.splice(0).map((close) => close()));
  }

  async #temporary(): Promise<FileHandle> {
    const folder = await mkdtemp(join(tmpdir(), 'gimbal-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    // An open file outlives its name on POSIX systems: nothing stays behind, however the process ends.
    const named = process.platform === 'win32';
    const handle = await open(join(folder, 'unpacked'), 'w+').finally(named ? undefined : remove);
    await this.closing(async () => {
      await handle.close();
      if (named) await remove();
    });
    return handle;
  }
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
