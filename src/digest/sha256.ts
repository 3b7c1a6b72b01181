import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Hex SHA-256 of bytes that follow one another, at once and wherever this runs. */
export function sha256Of(...parts: readonly Uint8Array[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}

/** Hex SHA-256 of a text in UTF-8. */
export function sha256OfText(text: string): string {
  return sha256Of(new TextEncoder().encode(text));
}

/** The bytes of the SHA-256 of what is large: by the platform's own code, several times as fast. */
export async function sha256OfLarge(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
