import { join } from 'node:path';
import type { DataPlatform } from '../../sources/data-platform.ts';
import { nativeSha256 } from '../sha256.ts';
import { defaultCacheFolder } from './cache-folder.ts';
import { nodeDisk } from './disk.ts';
import { fetchFile } from './download.ts';
import { readGlyphs } from './glyphs-file.ts';
import { nodeImages } from './image-files.ts';
import { OpenFiles } from './open-files.ts';

/** Node, as data sets are opened on it. */
export const nodeData: DataPlatform = {
  disk: nodeDisk,
  images: nodeImages,
  sha256: nativeSha256,
  openFiles: () => new OpenFiles(),
  glyphs: readGlyphs,
  download: (file, data, options) => fetchFile(file, join(options.cacheFolder ?? defaultCacheFolder(), data), options),
};
