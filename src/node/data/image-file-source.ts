import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { convertedShape, convertImage } from '../../data/conversion.ts';
import type { Labelling } from '../../data/labelling.ts';
import { checkPositions } from '../../data/positions.ts';
import { ReadAhead } from '../../data/read-ahead.ts';
import type { ImageSource, SkippedImage } from '../../data/source.ts';
import { UNREADABLE, unreadableImage } from '../../data/unreadable.ts';
import { failure, misuse } from '../../errors/error.ts';
import type { ImageShape, LabelledImage } from '../../image/image.ts';
import { decodeImage, inspectImage } from './image-decoder.ts';
import { refusePixelRange } from './open-options.ts';
import type { OpenOptions } from './open-options.ts';

interface ImageFile {
  readonly path: string;
  /** The path as it enters the fingerprint: relative to the data set, with `/`. */
  readonly name: string;
  readonly label: number;
}

export interface ImageFileData {
  readonly name: string;
  readonly files: readonly ImageFile[];
  readonly classes: number;
  readonly classNames?: readonly string[];
  readonly labelling: Labelling;
  readonly notes?: readonly string[];
}

/** Files looked at when opening, spread over the data set, to learn whether it has colour. */
const INSPECTED = 16;
/** Decoding runs on the threads that Node has for files, four unless told otherwise. */
const PARALLEL = 4;

/**
 * A source of image files, decoded when they are read and ahead of that, a few at once. A data set with any colour
 * among the files looked at is a colour data set, in which grey files stand in three equal channels.
 * @throws misuse `image-shape`, `crop-too-large`, `unreadable-image`
 */
export async function imageFileSource(data: ImageFileData, options: OpenOptions): Promise<ImageSource> {
  const { name, files } = data;
  refusePixelRange(name, options);
  const first = await inspect(data, options);
  const shape = convertedShape(first, options, options.shape, name);
  const skipped = new Map<number, SkippedImage>();
  const decoded = new ReadAhead(
    (position) => decode(files[position], position, first.channels, shape, options),
    files.length,
    PARALLEL,
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
    fingerprint: await fingerprintFiles(files, options.signal),
    get skipped() {
      return [...skipped.values()];
    },
    async read(positions) {
      options.signal?.throwIfAborted();
      checkPositions(positions, files.length, name);
      const images: LabelledImage[] = [];
      for (const image of await decoded.read(positions)) {
        if ('pixels' in image) images.push(image);
        else if (options.skipUnreadable) skipped.set(image.position, image);
        else throw unreadableImage(image);
      }
      return images;
    },
    async close() {
      decoded.close();
    },
  };
}

/** Shape of the first readable file before any conversion, with the channels of the data set. */
async function inspect(
  { name, files }: ImageFileData,
  options: OpenOptions,
): Promise<ImageShape & { channels: 1 | 3 }> {
  const step = Math.max(1, files.length / INSPECTED);
  let found: { height: number; width: number } | undefined;
  let unreadable: SkippedImage | undefined;
  let grey = true;
  for (let at = 0; at < files.length; at += step) {
    options.signal?.throwIfAborted();
    const position = Math.floor(at);
    const { path } = files[position];
    try {
      const image = await inspectImage(path);
      found ??= image;
      grey &&= image.grey;
    } catch (error) {
      throwUnlessInput(error, path);
      unreadable ??= { position, path, reason: (error as Error).message };
      if (!options.skipUnreadable) throw unreadableImage(unreadable);
    }
  }
  if (found === undefined) {
    throw misuse({
      code: UNREADABLE,
      subject: name,
      problem:
        `none of the ${Math.min(files.length, INSPECTED)} images looked at can be read; ` +
        `the first is ${unreadable?.path} (${unreadable?.reason}).`,
    });
  }
  return { channels: grey ? 1 : 3, height: found.height, width: found.width };
}

async function decode(
  { path, label }: ImageFile,
  position: number,
  channels: 1 | 3,
  shape: ImageShape,
  options: OpenOptions,
): Promise<LabelledImage | SkippedImage> {
  options.signal?.throwIfAborted();
  let raw;
  try {
    raw = await decodeImage(path, channels);
  } catch (error) {
    throwUnlessInput(error, path);
    return { position, path, reason: (error as Error).message };
  }
  const converted = convertedShape(
    raw.shape,
    options,
    shape,
    path,
    options.shape === undefined ? 'the first image is' : undefined,
  );
  return { index: position, label, pixels: convertImage(raw, options, converted, path) };
}

/** Running out of file handles or memory is no fault of the image. */
function throwUnlessInput(error: unknown, path: string): void {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM') {
    throw failure(
      { code: 'reading-failed', subject: path, problem: `could not be read (${message}).` },
      { cause: error },
    );
  }
}

/** Of paths, sizes and labels: reading every byte of a large data set would take longer than many a run. */
async function fingerprintFiles(files: readonly ImageFile[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < files.length; start += 256) {
    signal?.throwIfAborted();
    const part = files.slice(start, start + 256);
    const sizes = await Promise.all(
      part.map(({ path }) =>
        stat(path).then(
          ({ size }) => size,
          () => -1,
        ),
      ),
    );
    part.forEach(({ name, label }, at) => hash.update(`${JSON.stringify([name, sizes[at], label])}\n`));
  }
  return hash.digest('hex');
}
