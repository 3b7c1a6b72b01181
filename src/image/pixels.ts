/**
 * A zeroed pixel array, on shared memory where the platform has it, so that worker threads read images without copies.
 * @param length number of values
 */
export function allocatePixels(length: number): Float32Array {
  return typeof SharedArrayBuffer === 'undefined'
    ? new Float32Array(length)
    : new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
