import { createHash } from 'node:crypto';
import type { Hash } from '../digest/hash.ts';

export function nativeSha256(): Hash {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}

/** Hex SHA-256 of bytes, as a model's file is told by. */
export function nativeSha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
