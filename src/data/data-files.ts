import type { ByteReader } from './bytes.ts';
import type { PackedBytes } from './packed-bytes.ts';

/** The files that a data set is read from, opened by the edge and closed together. */
export interface DataFiles {
  /** The bytes of a file, those inside where it is gzipped (whatever its name). @throws misuse `unreadable-file` */
  packed(path: string): Promise<PackedBytes>;
  /** The members of a ZIP archive, by name. @throws misuse `damaged-file`, `cut-file` */
  members(path: string): Promise<ReadonlyMap<string, () => Promise<PackedBytes>>>;
  /**
   * Bytes that come piece by piece, readable at any place.
   * @param name what messages call the bytes
   */
  keep(name: string, pieces: AsyncIterable<Uint8Array>): Promise<ByteReader>;
  /** Hex SHA-256 of the contents, each preceded by its length so that a shifted boundary changes it. */
  fingerprint(contents: readonly ByteReader[], signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
