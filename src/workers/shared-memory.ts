import type { ModelFile } from '../runtime/model-file.ts';

/** A file whose bytes all workers read in one place; where the platform shares no memory, each gets a copy. */
export function onSharedMemory(file: ModelFile): ModelFile {
  if (file instanceof Uint8Array) return shareBytes(file);
  return { ...file, weights: new Map([...file.weights].map(([location, bytes]) => [location, shareBytes(bytes)])) };
}

function shareBytes(bytes: Uint8Array): Uint8Array {
  if (typeof SharedArrayBuffer === 'undefined' || bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
