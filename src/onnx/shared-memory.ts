/** From this many bytes on a tensor lies on shared memory, so that threads read it without a copy of their own. */
const LARGE = 2 ** 20;

/** Zeros for a tensor's elements; where the platform shares no memory, a large one lies like a small one. */
export function memoryFor(bytes: number): Uint8Array {
  return bytes >= LARGE && typeof SharedArrayBuffer !== 'undefined'
    ? new Uint8Array(new SharedArrayBuffer(bytes))
    : new Uint8Array(bytes);
}
