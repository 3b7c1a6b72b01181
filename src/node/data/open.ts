import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import { optionWords } from '../../errors/option-words.ts';
import { defaultCacheFolder } from './cache-folder.ts';
import { holdsCifar, isCifarFolder, openCifarArchive, openCifarFile, openCifarFolder } from './cifar-files.ts';
import { fetchFile } from './download.ts';
import { holdsImages } from './class-folders.ts';
import { archiveIn, filesIn, findData } from './find-data.ts';
import { foreignFile, refuseForeignFolder } from '../../data/foreign.ts';
import { filesOfSplit, type FilesOfSplit } from '../../data/split-names.ts';
import { findShards } from './find-shards.ts';
import { holdsCoco, openCoco, openListing } from './listings.ts';
import { isTable, openParquetFiles } from './parquet-files.ts';
import { isPythonCifar, openPythonBatches, openPythonFolder } from './python-cifar-files.ts';
import { isTarShard, openTarShards } from './tar-shards.ts';
import { openGlyphs } from './glyphs.ts';
import { isIdxFolder, openIdxFile, openIdxFolder } from './idx-files.ts';
import { openImageFolder } from './image-folder.ts';
import { openUnlabelledFolder } from './unlabelled-folder.ts';
import { damaged } from './packed-bytes.ts';
import { openIfManifest, openManifest } from './manifest.ts';
import { isNpyFolder, openNpyFile, openNpyFolder, openNpz } from './npy-files.ts';
import { settling } from '../settling.ts';
import { OFFICIAL } from './official.ts';
import { OpenFiles } from './open-files.ts';
import { didYouMeanPath } from './beside.ts';
import type { OpenOptions } from '../../data/open-options.ts';
import { sniff } from '../../data/sniff.ts';
import { refuseSpecial, unreadable } from './regular-file.ts';

export type { DownloadProgress, OpenOptions } from '../../data/open-options.ts';

/** What `openSource` understands, for help and messages. */
const UNDERSTOOD =
  `a name (glyphs, ${Object.keys(OFFICIAL).join(', ')}), a folder of images by class, ` +
  'a folder with MNIST-style IDX files, a folder or .tar.gz with CIFAR-10 or CIFAR-100, ' +
  'Parquet files of Hugging Face, .tar shards of a WebDataset, a .csv with the columns path,label, ' +
  'annotations as COCO has them, or an .npz or .npy file';

/** Files that have labels of their own; others, as arrays, may have them in a file of any name. */
const HAS_LABELS = /\.([ct]sv|tar|tgz|tar\.gz|jsonl?|parquet)$/i;

/**
 * Opens a data set, recognised by its name, its files or its ending; see `UNDERSTOOD`. A name of public data goes
 * before a path: write `./mnist` for a folder of that name.
 * @param spec name or path
 * @throws misuse for anything that cannot be read as images with labels of the shape asked for, with what to do;
 * failure `download-failed`
 */
export function openSource(spec: string, options: OpenOptions): Promise<ImageSource> {
  return settling(spec, () => open(spec, options));
}

async function open(spec: string, options: OpenOptions): Promise<ImageSource> {
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
  const found = await stat(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw unreadable(path, error);
    throw misuse({
      code: 'unknown-data',
      subject: path,
      problem: `is neither the name of a known data set nor a file or folder.${didYouMean(path, ['glyphs', ...Object.keys(OFFICIAL)]) || (await didYouMeanPath(path))}`,
      advice: `Give ${UNDERSTOOD}.`,
    });
  });
  if (found.isDirectory() || HAS_LABELS.test(path)) refuseLabels(path, options);
  if (found.isDirectory()) return openFolder(path, files, options);
  refuseSpecial(path, found);
  return openFile(path, files, options);
}

function refuseLabels(path: string, { labels }: OpenOptions): void {
  if (labels === undefined) return;
  throw misuse({
    code: 'unused-option',
    subject: optionWords('labels'),
    problem: `says nothing about ${path}, which has its own labels.`,
    advice: 'It goes with a .npy, .npz or single IDX file.',
  });
}

async function openFolder(folder: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const { files: names, folders } = await filesIn(folder);
  if (names.length + folders.length === 0) throw misuse({ code: 'empty-data', subject: folder, problem: 'is empty.' });
  if (isIdxFolder(names)) return openIdxFolder(folder, names, files, options);
  if (isCifarFolder(names)) return openCifarFolder(folder, names, files, options);
  if (isNpyFolder(names)) return openNpyFolder(folder, names, files, options);
  if (isPythonCifar(names)) return openPythonFolder(folder, names, files, options);
  const tables = await findShards(folder, isTable);
  if (tables.length > 0) return openParquetFiles(folder, filesOfSplit(tables, options.split, folder), files, options);
  const binary = folders.find((name) => /^cifar-100?-batches-bin$/.test(name));
  if (binary !== undefined) return openFolder(join(folder, binary), files, options);
  const listed = options.unlabelled ? undefined : await openListing(folder, options);
  if (listed !== undefined) return listed;
  if (await holdsImages(folder))
    return options.unlabelled ? openUnlabelledFolder(folder, options) : openImageFolder(folder, options);
  const inside = (await findData(folder, folders)) ?? (await archiveIn(folder));
  if (inside !== undefined) return openPath(inside, files, options);
  const shards = await findShards(folder, isTarShard);
  if (shards.length > 0) return openTarShards(folder, filesOfSplit(shards, options.split, folder), files, options);
  refuseForeignFolder(folder, names);
  return openImageFolder(folder, options);
}

async function openFile(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const name = path.toLowerCase();
  if (/\.([ct]sv|jsonl)$/.test(name)) return openManifest(path, options);
  if (name.endsWith('.json') && (await holdsCoco(path))) return openCoco(path, options);
  if (name.endsWith('.parquet'))
    return (
      (await openIfManifest('list', path, options)) ?? openParquetFiles(dirname(path), alone(path), files, options)
    );
  if (name.endsWith('.npz')) return openNpz(path, files, options);
  if (name.endsWith('.npy')) return openNpyFile(path, files, options);
  if (/\.(tar|tar\.gz|tgz)$/.test(name)) return openArchive(path, files, options);
  if (/idx3-ubyte(\.gz)?$/.test(name)) return openIdxFile(path, basename(path), files, options);
  return openByContent(path, files, options);
}

/** A file that is given alone, whatever split its name says. */
const alone = (path: string): FilesOfSplit => ({ paths: [basename(path)], told: false, alone: true });

/** An archive of CIFAR by its name or by what is in it, else a shard of images. */
async function openArchive(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  if ((await sniff(await files.bytes(path))) !== 'tar') throw damaged(path, new Error('it is no tar archive'));
  return /cifar/i.test(basename(path)) || (await holdsCifar(path, files))
    ? openCifarArchive(path, files, options)
    : openTarShards(dirname(path), alone(path), files, options);
}

/** A file whose name tells nothing, or may tell wrongly, by what it holds. */
async function openByContent(path: string, files: OpenFiles, options: OpenOptions): Promise<ImageSource> {
  const foreign = foreignFile(path);
  if (foreign !== undefined) throw foreign;
  const kind = await sniff(await files.bytes(path));
  if (kind === 'idx-images') return openIdxFile(path, basename(path), files, options);
  if (kind === 'npy') return openNpyFile(path, files, options);
  if (kind === 'npz') return openNpz(path, files, options);
  if (kind === 'tar') return openArchive(path, files, options);
  if (kind === 'parquet') return openParquetFiles(dirname(path), alone(path), files, options);
  if (kind === 'pickle') {
    refuseLabels(path, options);
    const batch = new Map([[basename(path), await files.bytes(path)]]);
    return openPythonBatches(path, batch, files, options, basename(path));
  }
  if (kind === 'cifar' || path.toLowerCase().endsWith('.bin')) {
    refuseLabels(path, options);
    return openCifarFile(path, files, options);
  }
  throw misuse({
    code: 'unknown-data',
    subject: path,
    problem:
      kind === 'idx-labels'
        ? 'holds labels in the IDX format, and no images.'
        : 'is a file of no kind that is understood.',
    advice:
      kind === 'idx-labels'
        ? `Give the file of the images as ${optionWords('data')}, and this one as ${optionWords('labels')}.`
        : `Give ${UNDERSTOOD}.`,
  });
}

function checkConversions({ resize, crop }: OpenOptions): void {
  const lengths = {
    [optionWords('resize')]: typeof resize === 'object' ? [resize.height, resize.width] : [resize],
    [optionWords('crop')]: [crop],
  };
  for (const [subject, values] of Object.entries(lengths)) {
    for (const value of values) {
      if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
      throw misuse({ code: 'malformed-size', subject, problem: `is ${value}; it takes whole pixels from 1 up.` });
    }
  }
}
