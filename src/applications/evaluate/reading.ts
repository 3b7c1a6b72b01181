import type { DataOptions } from '../../options/data-options.ts';
import type { OpenOptions } from '../../data/open-options.ts';

/** Options on how data are read, whichever command takes them. */
export type ReadingOptions = Omit<DataOptions, 'data' | 'split' | 'offset' | 'limit' | 'spread'>;

/** What `openSource` gets of them. */
export function reading(options: Partial<ReadingOptions> & Pick<DataOptions, 'split'>): OpenOptions {
  const { split, labels, resize, crop, colour, pixelRange, exif, skipUnreadable } = options;
  return { split, labels, resize, crop, colour, pixelRange, exif, skipUnreadable };
}

/** What of it changes pixels, and so has a part in what is learnt from them; what is as by default is left out. */
export function preparation({ resize, crop, colour, pixelRange, exif }: Partial<ReadingOptions>): Preparation {
  return {
    resize,
    crop,
    ...(colour === 'keep' ? {} : { colour }),
    ...(pixelRange === undefined ? {} : { pixelRange }),
    ...(exif === undefined || exif === 'turn' ? {} : { exif }),
  };
}

export type Preparation = Pick<OpenOptions, 'resize' | 'crop' | 'colour' | 'pixelRange' | 'exif'>;
