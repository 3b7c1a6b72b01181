import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { defaultCacheFolder } from './cache-folder.ts';
import { isCifarFolder, openCifarArchive, openCifarFile, openCifarFolder } from './cifar-files.ts';
import { fetchFile } from './download.ts';
import { openGlyphs } from './glyphs.ts';
import { isIdxFolder, openIdxFile, openIdxFolder } from './idx-files.ts';
import { openImageFolder } from './image-folder.ts';
import { openUnlabelledFolder } from './unlabelled-folder.ts';
import { openManifest } from './manifest.ts';
import { isNpyFolder, openNpyFile, openNpyFolder, openNpz } from './npy-files.ts';
import { OFFICIAL } from './official.ts';
import { OpenFiles } from './open-files.ts';
import type { OpenOptions } from './open-options.ts';
import { refuseSpecial, unreadable } from './regular-file.ts';

export type { DownloadProgress, OpenOptions } from './open-options.ts';

/** What `openSource` understands, for help and messages. */
export const UNDERSTOOD =
  `a name (glyphs, ${Object.keys(OFFICIAL).join(', ')}), a folder of images by class, a folder with MNIST-style IDX files, ` +
  'a folder or .tar.gz with the binary version of CIFAR-10 or CIFAR-100, a .csv with the columns path,label, or an .npz or .npy file';

/** Files that may have their labels in a file of any name. */
const TAKES_LABELS = /(\.np[yz]|idx3-ubyte(\.gz)?)$/i;

/**
 * Opens a data set, recognised by its name, its files or its ending; see `UNDERSTOOD`. A name of public data goes before
 * a path: write `./mnist` for a folder of that name.
 * @param spec name or path
 * @throws misuse for anything that cannot be read as images with labels of the shape asked for, with what to do;
 * failure `download-failed`
 */
export async function openSource(spec: string, options: OpenOptions): Promise<ImageSource> {
  checkConversions(options);
  const files = new OpenFiles();
  try {
    options.signal?.throwIfAborted();
    if (spec === 'glyphs') return await openGlyphs(options);
    return Object.hasOwn(OFFICIAL, spec)
      ? await openOfficial(spec, files, options)
      : await openPath(spec, files, options);
  } catch (error) {
    await files.close();
    throw error;
  }
}

async function openOfficial(name: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const data = OFFICIAL[name];
  const folder = join(options.cacheFolder ?? defaultCacheFolder(), name);
  const paths: string[] = [];
  for (const file of data.files[options.split]) paths.push(await fetchFile(file, folder, options));
  const title = `${name} ${options.split}`;
  return paths[0].endsWith('.tar.gz')
    ? openCifarArchive(paths[0], files, options, title)
    : openIdxFile(paths[0], title, files, options, data.classNames);
}

async function openPath(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  if (options.labels !== undefined && !TAKES_LABELS.test(path)) {
    throw misuse({
      code: 'unused-option',
      subject: '--labels',
      problem: `says nothing about ${path}, which has its own labels.`,
      advice: 'It goes with a .npy, .npz or single IDX file.',
    });
  }
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw unreadable(path, error);
    throw misuse({
      code: 'unknown-data',
      subject: path,
      problem: 'is neither the name of a known data set nor a file or folder.',
      advice: `Give ${UNDERSTOOD}.`,
    });
  });
  if (found.isDirectory()) return openFolder(path, files, options);
  refuseSpecial(path, found);
  return openFile(path, files, options);
}

async function openFolder(folder: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const names = await readdir(folder).catch((error) => {
    throw unreadable(folder, error);
  });
  if (names.length === 0) throw misuse({ code: 'empty-data', subject: folder, problem: 'is empty.' });
  if (isIdxFolder(names)) return openIdxFolder(folder, names, files, options);
  if (isCifarFolder(names)) return openCifarFolder(folder, names, files, options);
  if (isNpyFolder(names)) return openNpyFolder(folder, names, files, options);
  const inside = names.find((name) => /^cifar-100?-(batches-bin|binary(\.tar\.gz)?)$/.test(name));
  if (inside === undefined && options.unlabelled) return openUnlabelledFolder(folder, options);
  return inside === undefined ? openImageFolder(folder, options) : openPath(join(folder, inside), files, options);
}

function openFile(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const name = path.toLowerCase();
  if (name.endsWith('.csv')) return openManifest(path, options);
  if (name.endsWith('.npz')) return openNpz(path, files, options);
  if (name.endsWith('.npy')) return openNpyFile(path, files, options);
  if (name.endsWith('.tar.gz') || name.endsWith('.tgz')) return openCifarArchive(path, files, options);
  if (name.endsWith('.bin')) return openCifarFile(path, files, options);
  if (/idx3-ubyte(\.gz)?$/.test(name)) return openIdxFile(path, basename(path), files, options);
  throw misuse({
    code: 'unknown-data',
    subject: path,
    problem: 'is a file of no kind that is understood.',
    advice: `Give ${UNDERSTOOD}.`,
  });
}

function checkConversions({ resize, crop }: OpenOptions): void {
  const lengths = {
    '--resize': typeof resize === 'object' ? [resize.height, resize.width] : [resize],
    '--crop': [crop],
  };
  for (const [subject, values] of Object.entries(lengths)) {
    for (const value of values) {
      if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
      throw misuse({ code: 'malformed-size', subject, problem: `is ${value}; it takes whole pixels from 1 up.` });
    }
  }
}
