import { Budget } from '../data/budget.ts';
import { convertedShape } from '../data/conversion.ts';
import type { EditOf } from '../data/edit.ts';
import type { Labelling } from '../data/labelling.ts';
import { refusePixelRange } from '../data/open-options.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { checkPositions } from '../data/positions.ts';
import { ReadAhead } from '../data/read-ahead.ts';
import type { ImageSource, SkippedImage } from '../data/source.ts';
import { UNREADABLE, unreadableImage } from '../data/unreadable.ts';
import { misuse } from '../errors/error.ts';
import type { LabelledImage } from '../image/image.ts';
import type { DataPlatform } from './data-platform.ts';
import { decodeStored } from './decode-stored.ts';
import type { DecodeTask, Decoding } from './decode-stored.ts';
import { readContents } from './file-contents.ts';
import type { FileContent } from './file-contents.ts';
import type { DecodingThreads, ImageHead } from './image-files.ts';
import type { StoredImage } from './stored-image.ts';

/** An image with its label. */
export interface ImageFile extends StoredImage {
  /** The path as it enters the fingerprint: relative to the data set, with `/`. */
  readonly name: string;
  readonly label: number;
  /** The path as messages have it: relative to what they gave as the data set. Default: the name. */
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

/** Decoding runs on the threads that a platform has for files; Node has four unless told otherwise. */
const PARALLEL = 4;
/** A larger image is not decoded beside others in threads. */
const MOST_FOR_A_THREAD = 2 ** 24;
/** Images of so many pixels together are decoded at once; a larger one alone. */
const PIXELS_AT_ONCE = 2 ** 26;

/**
 * A source of image files, decoded when they are read and ahead of that, a few at once. A data set with any colour
 * is a colour data set, in which grey files stand in three equal channels.
 * @throws misuse `image-shape`, `crop-too-large`, `unreadable-image`; failure `data-changed` when a file that changed
 *   since is read
 */
export async function imageFileSource(
  data: ImageFileData,
  platform: DataPlatform,
  options: OpenOptions,
): Promise<ImageSource> {
  refusePixelRange(data.name, options);
  const contents = await readContents(data.files, platform, options.exif ?? 'turn', options.signal);
  return sourceOf(data, contents, platform, options);
}

/** @param contents of the files, in their order */
function sourceOf(
  data: ImageFileData,
  contents: readonly FileContent[],
  platform: DataPlatform,
  options: OpenOptions,
): ImageSource {
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
  const { resize, crop, colour, exif = 'turn', decoders = 0 } = options;
  const demand = options.shape === undefined ? 'the first image is' : undefined;
  const decoding: Decoding = { channels, shape, options: { resize, crop, colour }, exif, demand };
  let threads: DecodingThreads | undefined;
  const decode = async (position: number, editOf?: EditOf): Promise<LabelledImage | SkippedImage> => {
    signal?.throwIfAborted();
    const { head, sha256 } = contents[position];
    if (head === undefined) return faults.find((fault) => fault.position === position)!;
    const { path, bytes, label, name: own, file = own } = files[position];
    const task: DecodeTask = { path, bytes, sha256, edit: editOf?.(position, sizeOf(head)) };
    const pixelsOf = head.height * head.width;
    const result =
      decoders > 0 && pixelsOf <= MOST_FOR_A_THREAD
        ? await (threads ??= platform.images.threads(decoders, decoding)).decode(task)
        : await budget.spend(pixelsOf, () => decodeStored(task, decoding, platform));
    return 'pixels' in result
      ? { index: position, label, file, pixels: result.pixels }
      : { position, path, reason: result.reason, sha256 };
  };
  const decoded = new ReadAhead((position) => decode(position), files.length, decoders > 0 ? Infinity : PARALLEL);
  const readable = (images: readonly (LabelledImage | SkippedImage)[]): LabelledImage[] =>
    images.flatMap((image) => {
      if ('pixels' in image) return image;
      if (!options.skipUnreadable) throw unreadableImage(image);
      skipped.set(image.position, image);
      return [];
    });
  const fingerprintWith = (others: ReadonlyMap<number, string | undefined>) =>
    fingerprintFiles(
      platform,
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
    withGeometry: ({ resize, crop }) =>
      sourceOf({ ...data, close: undefined }, contents, platform, { ...options, resize, crop }),
    async close() {
      decoded.close();
      await threads?.close();
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

/** Of names, contents and labels. */
function fingerprintFiles(
  platform: DataPlatform,
  files: readonly ImageFile[],
  contents: readonly (string | undefined)[],
): string {
  const hash = platform.sha256();
  const text = new TextEncoder();
  files.forEach(({ name, label }, at) =>
    hash.update(text.encode(`${JSON.stringify([name, contents[at] ?? null, label])}\n`)),
  );
  return hash.digest();
}
