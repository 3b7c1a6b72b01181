import type { EditOf } from './edit.ts';
import type { GeometryOptions } from './geometry.ts';
import type { ImageShape, LabelledImage } from '../image/image.ts';
import type { Labelling } from './labelling.ts';

/** An image that cannot be read. */
export interface SkippedImage {
  /** Position in the data set, the `index` that the image would have had. */
  readonly position: number;
  readonly path: string;
  readonly reason: string;
  /** Hex SHA-256 of the file as it was; absent where not even its bytes could be read. */
  readonly sha256?: string;
}

/**
 * A data set that can be read in any order, piece by piece; it never holds all images in memory
 * where they have to be decoded.
 */
export interface ImageSource {
  /** How the data set is named in reports: `cifar10 test`, `photos/`. */
  readonly name: string;
  readonly length: number;
  readonly shape: ImageShape;
  /** Names of the classes by label, where the data set has them. */
  readonly classNames?: readonly string[];
  /** Largest label plus one, or the number of class folders. */
  readonly classes: number;
  /** The label at each position. Told by folders and lists of image files, which lie sorted by class as a rule. */
  readonly labels?: ArrayLike<number>;
  /** How its labels became numbers; absent of sources that do not tell. */
  readonly labelling?: Labelling;
  /** Sentences about how the data set was read, for people: the order of its classes, what was passed over. */
  readonly notes?: readonly string[];
  /** Hex SHA-256 that changes with any byte of the images and with any label. */
  readonly fingerprint: string;
  /**
   * The fingerprint that it would have if files held other bytes, by position: their SHA-256, or `undefined` where they
   * could not be read. Told by sources of image files.
   */
  fingerprintWith?(contents: ReadonlyMap<number, string | undefined>): string;
  /**
   * Images that were found to be unreadable when the data were opened, by position. Reading them is as reading any
   * unreadable image.
   */
  readonly faults?: readonly SkippedImage[];
  /**
   * Images that reads have left out so far, each once; it grows while images are read. Absent where nothing is ever
   * skipped.
   */
  readonly skipped?: readonly SkippedImage[];
  /** The `index` of the image at a position, where that is known without reading it. */
  indexAt?(position: number): number;
  /**
   * Reads images by position. Positions must lie in [0, length).
   * An image that cannot be decoded rejects with a misuse error of code `unreadable-image` that names the file,
   * or, where the source was opened with `skipUnreadable`, is left out of the result.
   * @param next what will be read after that, which a source that decodes begins with meanwhile. Default: as many
   *   images after those asked for, where these are neighbours
   */
  read(positions: readonly number[], next?: readonly number[]): Promise<LabelledImage[]>;
  /**
   * Reads images as `read`, and edits each while it is decoded. Told by sources of image files, which have more of an
   * image than its shape here; `readEdited` of edit.ts does it for any source.
   */
  readEdited?(positions: readonly number[], editOf: EditOf): Promise<LabelledImage[]>;
  /**
   * The same images brought to size in another way, without reading what they lie in again. Told by sources of image
   * files; this source is closed last.
   * @throws misuse as opening it in that way does
   */
  withGeometry?(geometry: GeometryOptions): ImageSource;
  close(): Promise<void>;
}
