import { createHash } from 'node:crypto';
import { pieces } from '../../data/bytes.ts';
import type { ByteReader } from '../../data/bytes.ts';

/** Hex SHA-256 of the contents, each preceded by its length so that a shifted boundary changes it. */
export async function fingerprintBytes(contents: readonly ByteReader[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const bytes of contents) {
    hash.update(`${bytes.size}:`);
    for await (const piece of pieces(bytes)) {
      signal?.throwIfAborted();
      hash.update(piece);
    }
  }
  return hash.digest('hex');
}
