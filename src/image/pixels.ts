/**
 * V8 does not count shared memory when it decides to collect garbage: gigabytes of images that nobody holds any more
 * would pile up. Ordinary buffers are counted, so one of the same size, never written to, lives and dies with each
 * shared one.
 */
const standIns = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

/**
 * A zeroed pixel array, on shared memory where the platform has it, so that worker threads read images without copies.
 * @param length number of values
 */
export function allocatePixels(length: number): Float32Array {
  if (typeof SharedArrayBuffer === 'undefined') return new Float32Array(length);
  const shared = new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT);
  standIns.set(shared, new ArrayBuffer(shared.byteLength));
  return new Float32Array(shared);
}
