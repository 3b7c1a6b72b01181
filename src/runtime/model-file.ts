/**
 * A model as a session is made from it: the bytes of an ONNX file, or such bytes with the weights that they keep apart.
 * The second form is for large models: weights on shared memory need no copy for each file and each thread.
 */
export type ModelFile = Uint8Array | SplitModelFile;

interface SplitModelFile {
  readonly bytes: Uint8Array;
  /** By the location under which `bytes` refer to them. */
  readonly weights: ReadonlyMap<string, Uint8Array>;
}

/** Bytes of a file, weights included. */
export function byteLength(file: ModelFile): number {
  if (file instanceof Uint8Array) return file.byteLength;
  return [...file.weights.values()].reduce((sum, { byteLength }) => sum + byteLength, file.bytes.byteLength);
}
