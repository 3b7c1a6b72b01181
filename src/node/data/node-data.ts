import type { DataPlatform } from '../../sources/data-platform.ts';
import { nativeSha256 } from '../sha256.ts';
import { nodeDisk } from './disk.ts';
import { nodeImages } from './image-files.ts';
import { OpenFiles } from './open-files.ts';

/** Node, as data sets are opened on it. */
export const nodeData: DataPlatform = {
  disk: nodeDisk,
  images: nodeImages,
  sha256: nativeSha256,
  openFiles: () => new OpenFiles(),
};
