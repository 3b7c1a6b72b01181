import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { pieces } from '../../data/bytes.ts';
import type { DataFiles } from '../../sources/data-files.ts';
import { damaged } from './packed-bytes.ts';

export const walkTar: DataFiles['walkTar'] = async (bytes, visit) => {
  const archive = extract();
  const walk = async (): Promise<void> => {
    for await (const entry of archive) {
      // Its types do not tell of all that a header has.
      const { name, type, size = 0, byteOffset } = entry.header as typeof entry.header & { byteOffset: number };
      await visit({
        name,
        isFile: type === 'file',
        start: byteOffset,
        size,
        pieces: entry as AsyncIterable<Uint8Array>,
      });
      entry.resume();
    }
  };
  try {
    const head = await bytes.read(0, Math.min(2, bytes.size));
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    const source = pieces(bytes);
    // Both end when either fails.
    await Promise.all([isPacked ? pipeline(source, createGunzip(), archive) : pipeline(source, archive), walk()]);
  } catch (error) {
    throw damaged(bytes.name, error);
  }
};
