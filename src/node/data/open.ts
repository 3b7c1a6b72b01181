import type { OpenOptions } from '../../data/open-options.ts';
import type { ImageSource } from '../../data/source.ts';
import { openSourceOn } from '../../sources/open.ts';
import { settling } from '../settling.ts';
import { nodeData } from './node-data.ts';

export type { DownloadProgress, OpenOptions } from '../../data/open-options.ts';

/**
 * Opens a data set, recognised by its name, its files or its ending; see `UNDERSTOOD`. A name of public data goes
 * before a path: write `./mnist` for a folder of that name.
 * @param spec name or path
 * @throws misuse for anything that cannot be read as images with labels of the shape asked for, with what to do;
 * failure `download-failed`
 */
export function openSource(spec: string, options: OpenOptions): Promise<ImageSource> {
  return settling(spec, () => openSourceOn(nodeData, spec, options));
}
