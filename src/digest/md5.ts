import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Hex MD5 of bytes, as some public data are told by. */
export function md5Of(bytes: Uint8Array): string {
  return bytesToHex(md5(bytes));
}
