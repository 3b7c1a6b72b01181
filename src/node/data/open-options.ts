import type { ConversionOptions } from '../../data/conversion.ts';
import type { ImageShape } from '../../image/image.ts';

/** How much of an official file has come in. */
export interface DownloadProgress {
  readonly file: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, where the server says. */
  readonly total?: number;
}

export interface OpenOptions extends ConversionOptions {
  readonly split: 'test' | 'train';
  /** What the model takes, if known: images of another shape are refused at once, with the option that helps. */
  readonly shape?: ImageShape;
  /** File with the labels of a `.npy` or single IDX file, where it does not lie beside it under the usual name. */
  readonly labels?: string;
  /** Names of all classes, where the user lists them: such labels are names, even if they look like numbers. */
  readonly knownClasses?: readonly string[];
  /** The images have no labels: a folder is taken whole, whatever folders are in it; every label is 0. */
  readonly unlabelled?: boolean;
  /** Leave out image files that cannot be decoded, and list them in the source's `skipped`. */
  readonly skipUnreadable?: boolean;
  /** Where downloaded data is kept. Default: `GIMBAL_CACHE`, else the platform's cache folder. */
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}
