import type { OpenOptions } from '../data/open-options.ts';
import type { Hash } from '../digest/hash.ts';
import type { Disk } from '../ports/disk.ts';
import type { DataFiles } from './data-files.ts';
import type { ImageFiles } from './image-files.ts';
import type { OfficialFile } from './official.ts';

/** What opening data takes of a platform. */
export interface DataPlatform {
  readonly disk: Disk;
  readonly images: ImageFiles;
  /** SHA-256, of the platform's own: one in JavaScript takes several times as long for what is large. */
  sha256(): Hash;
  /** Files that will be closed together, none so far. */
  openFiles(): DataFiles;
  /** The file of the built-in data set, `glyphs.npz`. @throws failure `damaged-file` */
  glyphs(): Promise<Uint8Array>;
  /**
   * Makes sure that a file of public data lies on the disk, with its published checksum.
   * @param data the name of the data set
   * @returns its path
   * @throws misuse `wrong-checksum`; failure `download-failed`
   */
  download(file: OfficialFile, data: string, options: OpenOptions): Promise<string>;
}

/** A platform while a data set is opened on it. */
export interface Opening extends DataPlatform {
  /** What the data set is read from. They are closed with it, or when it cannot be opened. */
  readonly files: DataFiles;
}
