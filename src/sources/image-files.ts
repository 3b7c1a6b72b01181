import type { RawImage } from '../data/raw-image.ts';
import type { Decoded, DecodeTask, Decoding } from './decode-stored.ts';

/** Whether photographs are turned upright as their EXIF orientation says. */
export type Exif = 'turn' | 'ignore';

/** What the head of an image file says. */
export interface ImageHead {
  /** Of the upright image, where it is turned. */
  readonly height: number;
  readonly width: number;
  readonly grey: boolean;
}

/** Image files, as a platform reads and decodes them. */
export interface ImageFiles {
  /** In bytes; 0 where there is no such file. */
  sizeOf(path: string): Promise<number>;
  /**
   * @throws misuse `unreadable-file`, `file-too-large`; failure `reading-failed` where that is no fault of the file
   */
  read(path: string): Promise<Uint8Array>;
  /** What a file says of itself at its beginning. @throws where that is no image */
  inspect(bytes: Uint8Array, exif: Exif): Promise<ImageHead>;
  /**
   * Decodes an image to 8 bits a channel, without colour profiles.
   * @param channels 3: RGB, grey images in three equal channels; 1: as the file has it, one channel or three.
   *   Transparency is dropped.
   * @throws where pixels are missing
   */
  decode(bytes: Uint8Array, channels: 1 | 3, exif: Exif): Promise<RawImage>;
  /** Threads that decode while the calling one is busy. */
  threads(count: number, decoding: Decoding): DecodingThreads;
}

export interface DecodingThreads {
  /** As `decodeStored`. */
  decode(task: DecodeTask): Promise<Decoded>;
  close(): Promise<void>;
}
