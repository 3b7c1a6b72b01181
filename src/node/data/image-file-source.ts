import { createHash } from 'node:crypto';
import { Budget } from '../../data/budget.ts';
import { convertedShape, convertImage } from '../../data/conversion.ts';
import { convertPart, editPixels } from '../../data/edit.ts';
import type { EditOf, ImageEdit } from '../../data/edit.ts';
import type { Labelling } from '../../data/labelling.ts';
import { checkPositions } from '../../data/positions.ts';
import { ReadAhead } from '../../data/read-ahead.ts';
import type { ImageSource, SkippedImage } from '../../data/source.ts';
import { UNREADABLE, unreadableImage } from '../../data/unreadable.ts';
import { failure, GimbalError, misuse } from '../../errors/error.ts';
import type { ImageShape, LabelledImage } from '../../image/image.ts';
import { sha256Of } from '../sha256.ts';
import { bytesOf, readContents, reasonOf, throwUnlessInput } from './file-contents.ts';
import type { FileContent, StoredImage } from './file-contents.ts';
import { decodeImage } from './image-decoder.ts';
import type { ImageHead } from './image-decoder.ts';
import { refusePixelRange } from '../../data/open-options.ts';
import type { OpenOptions } from '../../data/open-options.ts';

/** An image with its label. */
export interface ImageFile extends StoredImage {
  /** The path as it enters the fingerprint: relative to the data set, with `/`. */
  readonly name: string;
  readonly label: number;
  /** The path as people are told of it: relative to what they gave as the data set. Default: the name. */
  readonly file?: string;
}

export interface ImageFileData {
  readonly name: string;
  readonly files: readonly ImageFile[];
  readonly classes: number;
  readonly classNames?: readonly string[];
  readonly labelling: Labelling;
  readonly notes?: readonly string[];
  /** Closes what the images lie in. */
  readonly close?: () => Promise<void>;
}

/** Decoding runs on the threads that Node has for files, four unless told otherwise. */
const PARALLEL = 4;
/** Images of so many pixels together are decoded at once; a larger one alone. */
const PIXELS_AT_ONCE = 2 ** 26;

/**
 * A source of image files, decoded when they are read and ahead of that, a few at once. A data set with any colour
 * is a colour data set, in which grey files stand in three equal channels.
 * @throws misuse `image-shape`, `crop-too-large`, `unreadable-image`; failure `data-changed` when a file that changed
 *   since is read
 */
export async function imageFileSource(data: ImageFileData, options: OpenOptions): Promise<ImageSource> {
  refusePixelRange(data.name, options);
  return sourceOf(data, await readContents(data.files, options.exif ?? 'turn', options.signal), options);
}

/** @param contents of the files, in their order */
function sourceOf(data: ImageFileData, contents: readonly FileContent[], options: OpenOptions): ImageSource {
  const { name, files } = data;
  const { signal } = options;
  const faults = contents.flatMap(({ fault, sha256 }, position) =>
    fault === undefined ? [] : [{ position, path: files[position].path, reason: fault, sha256 }],
  );
  const heads = contents.flatMap(({ head }) => head ?? []);
  if (heads.length === 0) throw allUnreadable(name, faults);
  const channels = heads.every(({ grey }) => grey) ? 1 : 3;
  const shape = convertedShape({ channels, ...sizeOf(heads[0]) }, options, options.shape, name);
  const skipped = new Map<number, SkippedImage>();
  const budget = new Budget(PIXELS_AT_ONCE);
  const decode = (position: number, editOf?: EditOf): Promise<LabelledImage | SkippedImage> => {
    const { head } = contents[position];
    if (head === undefined) return Promise.resolve(faults.find((fault) => fault.position === position)!);
    const edit = editOf?.(position, sizeOf(head));
    return budget.spend(head.height * head.width, () =>
      decodeFile(files[position], position, contents[position], channels, shape, options, edit),
    );
  };
  const decoded = new ReadAhead(decode, files.length, PARALLEL);
  const readable = (images: readonly (LabelledImage | SkippedImage)[]): LabelledImage[] =>
    images.flatMap((image) => {
      if ('pixels' in image) return image;
      if (!options.skipUnreadable) throw unreadableImage(image);
      skipped.set(image.position, image);
      return [];
    });
  const fingerprintWith = (others: ReadonlyMap<number, string | undefined>) =>
    fingerprintFiles(
      files,
      contents.map(({ sha256 }, position) => (others.has(position) ? others.get(position) : sha256)),
    );
  return {
    name,
    length: files.length,
    shape,
    classes: data.classes,
    classNames: data.classNames,
    labelling: data.labelling,
    notes: data.notes,
    labels: files.map(({ label }) => label),
    fingerprint: fingerprintWith(new Map()),
    fingerprintWith,
    faults,
    get skipped() {
      return [...skipped.values()];
    },
    async read(positions, next) {
      signal?.throwIfAborted();
      checkPositions(positions, files.length, name);
      return readable(await decoded.read(positions, next));
    },
    async readEdited(positions, editOf) {
      signal?.throwIfAborted();
      checkPositions(positions, files.length, name);
      return readable(await Promise.all(positions.map((position) => decode(position, editOf))));
    },
    withGeometry: ({ resize, crop }) => sourceOf({ ...data, close: undefined }, contents, { ...options, resize, crop }),
    async close() {
      decoded.close();
      await data.close?.();
    },
  };
}

const sizeOf = ({ height, width }: ImageHead) => ({ height, width });

function allUnreadable(name: string, faults: readonly SkippedImage[]): Error {
  const [first] = faults;
  return misuse({
    code: UNREADABLE,
    subject: name,
    problem: `none of its images can be read; the first is ${first.path} (${first.reason}).`,
  });
}

async function decodeFile(
  image: ImageFile,
  position: number,
  { sha256 }: FileContent,
  channels: 1 | 3,
  shape: ImageShape,
  options: OpenOptions,
  edit: ImageEdit | undefined,
): Promise<LabelledImage | SkippedImage> {
  options.signal?.throwIfAborted();
  const { path, name, label, file = name } = image;
  let raw;
  try {
    const bytes = await bytesOf(image);
    if (sha256Of(bytes) !== sha256) throw changed(path);
    raw = await decodeImage(bytes, channels, options.exif ?? 'turn');
  } catch (error) {
    throwUnlessInput(error, path);
    if (error instanceof GimbalError && error.kind === 'failure') throw error;
    return { position, path, reason: reasonOf(error, path), sha256 };
  }
  const demand = options.shape === undefined ? 'the first image is' : undefined;
  const converted = convertedShape(raw.shape, options, shape, path, demand);
  const pixels =
    edit?.part === undefined
      ? convertImage(raw, options, converted, path)
      : convertPart(raw, edit.part, options, shape, path);
  return { index: position, label, file, pixels: edit === undefined ? pixels : editPixels(pixels, shape, edit) };
}

function changed(path: string): Error {
  return failure({
    code: 'data-changed',
    subject: path,
    problem: 'is not the file any more that it was when the data were opened.',
    advice: 'Give the same command again when the data are left alone.',
  });
}

/** Of names, contents and labels. */
function fingerprintFiles(files: readonly ImageFile[], contents: readonly (string | undefined)[]): string {
  const hash = createHash('sha256');
  files.forEach(({ name, label }, at) => hash.update(`${JSON.stringify([name, contents[at] ?? null, label])}\n`));
  return hash.digest('hex');
}
