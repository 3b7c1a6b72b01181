import type { ConversionOptions } from './conversion.ts';
import type { ValueRange } from './value-range.ts';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { ImageShape } from '../image/image.ts';

/** How much of an official file has come in. */
export interface DownloadProgress {
  readonly file: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, where the server says. */
  readonly total?: number;
}

/** How a source is opened: the part that is taken, what its files hold, and how images are brought to size. */
export interface OpenOptions extends ConversionOptions {
  readonly split: 'test' | 'train';
  /** What the model takes, if known: images of another shape are refused at once, with the option that helps. */
  readonly shape?: ImageShape;
  /** File with the labels of a NumPy or single IDX file, where it does not lie beside or in it under the usual name. */
  readonly labels?: string;
  /** Names of all classes, where the user lists them: such labels are names, even if they look like numbers. */
  readonly knownClasses?: readonly string[];
  /** The images have no labels: a folder is taken whole, whatever folders are in it; every label is 0. */
  readonly unlabelled?: boolean;
  /**
   * What black and white are in an array of images. Default: told by its type, and by its values where these leave no
   * doubt.
   */
  readonly pixelRange?: ValueRange;
  /** Whether photographs are turned upright as their EXIF orientation says. Default `turn`. */
  readonly exif?: 'turn' | 'ignore';
  /** Leave out image files that cannot be decoded, and list them in the source's `skipped`. */
  readonly skipUnreadable?: boolean;
  /**
   * Threads that decode image files, for training: they go on while the calling thread is inside native code. Default
   * 0: the calling thread.
   */
  readonly decoders?: number;
  /** Where downloaded data is kept. Default: `GIMBAL_CACHE`, else the platform's cache folder. */
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** @throws misuse `unused-option` where `--pixel-range` is given for data whose pixels are bytes */
export function refusePixelRange(name: string, { pixelRange }: OpenOptions): void {
  if (pixelRange === undefined) return;
  throw misuse({
    code: 'unused-option',
    subject: optionWords('pixel-range'),
    problem: `says nothing about ${name}, whose pixels go from 0 to 255 as they are read.`,
    advice: 'It goes with arrays of images (.npy, .npz, IDX): leave it out.',
  });
}
