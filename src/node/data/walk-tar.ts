import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { type ByteReader, pieces } from '../../data/bytes.ts';
import { damaged } from './packed-bytes.ts';

/** Its types do not export what it gives. */
type TarEntry = ReturnType<typeof extract> extends AsyncIterable<infer Entry> ? Entry : never;

/**
 * Shows the members of an archive one after the other, packed by gzip or not. What is not read of one is passed over.
 * @throws misuse `cut-file`, `damaged-file`; what `visit` throws
 */
export async function walkTar(
  path: string,
  bytes: ByteReader,
  visit: (entry: TarEntry) => void | Promise<void>,
): Promise<void> {
  const archive = extract();
  const walk = async (): Promise<void> => {
    for await (const entry of archive) {
      await visit(entry);
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
    throw damaged(path, error);
  }
}
