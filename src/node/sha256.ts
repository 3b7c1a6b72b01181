import { createHash } from 'node:crypto';

/** Hex SHA-256 of bytes, as a model's file is told by. */
export function nativeSha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
