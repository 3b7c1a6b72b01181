/** Bytes that can be read at any place: a file, part of one, or memory. Files are handed in from the edge. */
export interface ByteReader {
  /** How messages name the bytes: a path, `photos.npz › x_test.npy`. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`; both lie within `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function memoryBytes(name: string, bytes: Uint8Array): ByteReader {
  return { name, size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Part of other bytes. */
export function sliceBytes(name: string, whole: ByteReader, start: number, size: number): ByteReader {
  return { name, size, read: (offset, length) => whole.read(start + offset, length) };
}

/** Several pieces as one, in order. */
export function joinBytes(name: string, pieces: readonly ByteReader[]): ByteReader {
  return {
    name,
    size: pieces.reduce((sum, piece) => sum + piece.size, 0),
    async read(offset, length) {
      const joined = new Uint8Array(length);
      let start = 0;
      for (const piece of pieces) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + piece.size);
        if (from < to) joined.set(await piece.read(from - start, to - from), from - offset);
        start += piece.size;
      }
      return joined;
    },
  };
}

/** The bytes in order, in pieces of at most `length`. */
export async function* pieces(bytes: ByteReader, length = 1 << 20): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.size; offset += length) {
    yield await bytes.read(offset, Math.min(length, bytes.size - offset));
  }
}
