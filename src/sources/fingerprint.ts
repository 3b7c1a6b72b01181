import { pieces } from '../data/bytes.ts';
import type { ByteReader } from '../data/bytes.ts';
import type { DataPlatform } from './data-platform.ts';

/** Hex SHA-256 of bytes, by the platform's own code. */
export function contentHash(bytes: Uint8Array, platform: Pick<DataPlatform, 'sha256'>): string {
  const hash = platform.sha256();
  hash.update(bytes);
  return hash.digest();
}

/** Hex SHA-256 of the contents, each preceded by its length so that a shifted boundary changes it. */
export async function fingerprintBytes(
  contents: readonly ByteReader[],
  platform: Pick<DataPlatform, 'sha256'>,
  signal?: AbortSignal,
): Promise<string> {
  const hash = platform.sha256();
  const text = new TextEncoder();
  for (const bytes of contents) {
    hash.update(text.encode(`${bytes.size}:`));
    for await (const piece of pieces(bytes)) {
      signal?.throwIfAborted();
      hash.update(piece);
    }
  }
  return hash.digest();
}
