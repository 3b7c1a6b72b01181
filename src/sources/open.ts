import { foreignFile, refuseForeignFolder } from '../data/foreign.ts';
import { glyphSource } from '../data/glyphs/source.ts';
import { refusePixelRange } from '../data/open-options.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { sniff } from '../data/sniff.ts';
import type { ImageSource } from '../data/source.ts';
import { filesOfSplit, type FilesOfSplit } from '../data/split-names.ts';
import { misuse } from '../errors/error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { optionWords } from '../errors/option-words.ts';
import { didYouMeanPath } from '../ports/beside.ts';
import type { Disk } from '../ports/disk.ts';
import { holdsCifar, isCifarFolder, openCifarArchive, openCifarFile, openCifarFolder } from './cifar-files.ts';
import { holdsImages } from './class-folders.ts';
import type { DataPlatform, Opening } from './data-platform.ts';
import { archiveIn, filesIn, findData } from './find-data.ts';
import { findShards } from './find-shards.ts';
import { isIdxFolder, openIdxFile, openIdxFolder } from './idx-files.ts';
import { openImageFolder } from './image-folder.ts';
import { holdsCoco, openCoco, openListing } from './listings.ts';
import { openIfManifest, openManifest } from './manifest.ts';
import { isNpyFolder, openNpyFile, openNpyFolder, openNpz } from './npy-files.ts';
import { OFFICIAL } from './official.ts';
import { isTable, openParquetFiles } from './parquet-files.ts';
import { isPythonCifar, openPythonBatches, openPythonFolder } from './python-cifar-files.ts';
import { isTarShard, openTarShards } from './tar-shards.ts';
import { openUnlabelledFolder } from './unlabelled-folder.ts';

/** What is understood, for help and messages. */
const UNDERSTOOD =
  `a name (glyphs, ${Object.keys(OFFICIAL).join(', ')}), a folder of images by class, ` +
  'a folder with MNIST-style IDX files, a folder or .tar.gz with CIFAR-10 or CIFAR-100, ' +
  'Parquet files of Hugging Face, .tar shards of a WebDataset, a .csv with the columns path,label, ' +
  'annotations as COCO has them, or an .npz or .npy file';

/** Files that have labels of their own; others, as arrays, may have them in a file of any name. */
const HAS_LABELS = /\.([ct]sv|tar|tgz|tar\.gz|jsonl?|parquet)$/i;

/**
 * Opens a data set on any platform, recognised by its name, its files or its ending; see `UNDERSTOOD`. A name of public
 * data goes before a path.
 * @param spec name or path
 * @throws misuse for anything that cannot be read as images with labels of the shape asked for, with what to do;
 * failure `download-failed`
 */
export async function openSourceOn(platform: DataPlatform, spec: string, options: OpenOptions): Promise<ImageSource> {
  checkConversions(options);
  const opening: Opening = { ...platform, files: platform.openFiles() };
  try {
    options.signal?.throwIfAborted();
    if (spec === 'glyphs') return await openGlyphs(opening, options);
    return Object.hasOwn(OFFICIAL, spec)
      ? await openOfficial(spec, opening, options)
      : await openPath(spec, opening, options);
  } catch (error) {
    await opening.files.close();
    throw error;
  }
}

async function openGlyphs(platform: DataPlatform, options: OpenOptions): Promise<ImageSource> {
  refusePixelRange('glyphs', options);
  return glyphSource(await platform.glyphs(), options.split, options, options.shape);
}

async function openOfficial(name: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const data = OFFICIAL[name];
  const paths: string[] = [];
  for (const file of data.files[options.split]) paths.push(await opening.download(file, name, options));
  const title = `${name} ${options.split}`;
  return paths[0].endsWith('.tar.gz')
    ? openCifarArchive(paths[0], opening, options, title)
    : openIdxFile(paths[0], title, opening, options, data.classNames);
}

async function openPath(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk, files } = opening;
  const kind = await disk.kindOf(path);
  if (kind === undefined) {
    const near = didYouMean(path, ['glyphs', ...Object.keys(OFFICIAL)]) || (await didYouMeanPath(disk, path));
    throw misuse({
      code: 'unknown-data',
      subject: path,
      problem: `is neither the name of a known data set nor a file or folder.${near}`,
      advice: `Give ${UNDERSTOOD}.`,
    });
  }
  if (kind === 'folder' || HAS_LABELS.test(path)) refuseLabels(path, options);
  if (kind === 'folder') return openFolder(path, opening, options);
  if (kind === 'special') await files.plain(path); // It refuses that, in its words.
  return openFile(path, opening, options);
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

async function openFolder(folder: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk } = opening;
  const { files: names, folders } = await filesIn(disk, folder);
  if (names.length + folders.length === 0) throw misuse({ code: 'empty-data', subject: folder, problem: 'is empty.' });
  if (isIdxFolder(names)) return openIdxFolder(folder, names, opening, options);
  if (isCifarFolder(names)) return openCifarFolder(folder, names, opening, options);
  if (isNpyFolder(names)) return openNpyFolder(folder, names, opening, options);
  if (isPythonCifar(names)) return openPythonFolder(folder, names, opening, options);
  const tables = await findShards(disk, folder, isTable);
  if (tables.length > 0) return openParquetFiles(folder, filesOfSplit(tables, options.split, folder), opening, options);
  const binary = folders.find((name) => /^cifar-100?-batches-bin$/.test(name));
  if (binary !== undefined) return openFolder(disk.join(folder, binary), opening, options);
  const listed = options.unlabelled ? undefined : await openListing(folder, opening, options);
  if (listed !== undefined) return listed;
  if (await holdsImages(disk, folder))
    return options.unlabelled
      ? openUnlabelledFolder(folder, opening, options)
      : openImageFolder(folder, opening, options);
  const inside = (await findData(disk, folder, folders)) ?? (await archiveIn(disk, folder));
  if (inside !== undefined) return openPath(inside, opening, options);
  const shards = await findShards(disk, folder, isTarShard);
  if (shards.length > 0) return openTarShards(folder, filesOfSplit(shards, options.split, folder), opening, options);
  refuseForeignFolder(folder, names);
  return openImageFolder(folder, opening, options);
}

async function openFile(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk } = opening;
  const name = path.toLowerCase();
  if (/\.([ct]sv|jsonl)$/.test(name)) return openManifest(path, opening, options);
  if (name.endsWith('.json') && (await holdsCoco(disk, path))) return openCoco(path, opening, options);
  if (name.endsWith('.parquet'))
    return (
      (await openIfManifest('list', path, opening, options)) ??
      openParquetFiles(disk.folderOf(path), alone(disk, path), opening, options)
    );
  if (name.endsWith('.npz')) return openNpz(path, opening, options);
  if (name.endsWith('.npy')) return openNpyFile(path, opening, options);
  if (/\.(tar|tar\.gz|tgz)$/.test(name)) return openArchive(path, opening, options);
  if (/idx3-ubyte(\.gz)?$/.test(name)) return openIdxFile(path, disk.nameOf(path), opening, options);
  return openByContent(path, opening, options);
}

/** A file that is given alone, whatever split its name says. */
const alone = (disk: Disk, path: string): FilesOfSplit => ({ paths: [disk.nameOf(path)], told: false, alone: true });

/** An archive of CIFAR by its name or by what is in it, else a shard of images. */
async function openArchive(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk } = opening;
  if ((await sniff(await opening.files.bytes(path))) !== 'tar') throw noArchive(path);
  return /cifar/i.test(disk.nameOf(path)) || (await holdsCifar(path, opening))
    ? openCifarArchive(path, opening, options)
    : openTarShards(disk.folderOf(path), alone(disk, path), opening, options);
}

function noArchive(path: string): Error {
  return misuse({
    code: 'damaged-file',
    subject: path,
    problem: 'cannot be unpacked (it is no tar archive).',
    advice: 'Get the file again.',
  });
}

/** A file whose name tells nothing, or may tell wrongly, by what it holds. */
async function openByContent(path: string, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { disk } = opening;
  const foreign = foreignFile(path);
  if (foreign !== undefined) throw foreign;
  const kind = await sniff(await opening.files.bytes(path));
  if (kind === 'idx-images') return openIdxFile(path, disk.nameOf(path), opening, options);
  if (kind === 'npy') return openNpyFile(path, opening, options);
  if (kind === 'npz') return openNpz(path, opening, options);
  if (kind === 'tar') return openArchive(path, opening, options);
  if (kind === 'parquet') return openParquetFiles(disk.folderOf(path), alone(disk, path), opening, options);
  if (kind === 'pickle') {
    refuseLabels(path, options);
    const batch = new Map([[disk.nameOf(path), await opening.files.bytes(path)]]);
    return openPythonBatches(path, batch, opening, options, disk.nameOf(path));
  }
  if (kind === 'cifar' || path.toLowerCase().endsWith('.bin')) {
    refuseLabels(path, options);
    return openCifarFile(path, opening, options);
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
