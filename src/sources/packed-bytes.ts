import type { ByteReader } from '../data/bytes.ts';

/** Bytes that may have to be unpacked before they can be read at any place. */
export interface PackedBytes {
  /** How messages name the bytes: a path, `photos.npz › x_test.npy`. */
  readonly name: string;
  /** Number of bytes once unpacked, where it is known before. */
  readonly size?: number;
  /** The first bytes: `length` of them, or all where there are fewer. */
  head(length: number): Promise<Uint8Array>;
  /**
   * All bytes, checked against the checksum and the length that were packed with them.
   * @param most stop where there turn out to be more bytes
   * @throws misuse `cut-file`, `damaged-file`, `wrong-size`
   */
  unpack(most?: number): Promise<ByteReader>;
}
