import type { ByteReader } from '../data/bytes.ts';
import type { PackedBytes } from './packed-bytes.ts';

/** A member of a tar archive. */
export interface TarMember {
  /** With the folders that it lies in, with `/`. */
  readonly name: string;
  readonly isFile: boolean;
  /** Where its bytes lie in the archive, unpacked. */
  readonly start: number;
  readonly size: number;
  /** Its bytes, which can be read while it is visited. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** The files that a data set is read from, opened by the edge and closed together. */
export interface DataFiles {
  /**
   * The bytes of a file as they lie there.
   * @throws misuse `unreadable-file` where there is none, or something else, as a pipe
   */
  plain(path: string): Promise<ByteReader>;
  /** The bytes of a file, those inside where it is gzipped (whatever its name). @throws as `plain` */
  packed(path: string): Promise<PackedBytes>;
  /** As `packed`, unpacked. @throws as both */
  bytes(path: string): Promise<ByteReader>;
  /** The members of a ZIP archive, by name. @throws misuse `damaged-file`, `cut-file` */
  members(path: string): Promise<ReadonlyMap<string, () => Promise<PackedBytes>>>;
  /**
   * Shows the members of a tar archive one after the other, packed by gzip or not. What is not read of one is passed
   * over.
   * @throws misuse `cut-file`, `damaged-file`; what `visit` throws
   */
  walkTar(archive: ByteReader, visit: (member: TarMember) => void | Promise<void>): Promise<void>;
  /**
   * Bytes that come piece by piece, readable at any place.
   * @param name what messages call the bytes
   */
  keep(name: string, pieces: AsyncIterable<Uint8Array>): Promise<ByteReader>;
  close(): Promise<void>;
}
