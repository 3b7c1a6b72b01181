import { checkFileSize, checkLabelHeader, fileBytes, itemByItem, readLabels } from '../data/array-file.ts';
import type { ArrayHeader } from '../data/array-file.ts';
import { imageDimensions } from '../data/array-layout.ts';
import type { ArrayLayout } from '../data/array-layout.ts';
import type { ByteReader } from '../data/bytes.ts';
import { convertedShape } from '../data/conversion.ts';
import { ELEMENT_BYTES } from '../data/elements.ts';
import { IDX_HEAD, readIdxHeader } from '../data/idx.ts';
import { checkLabels } from '../data/labels.ts';
import { NPY_HEAD, readNpyHeader } from '../data/npy.ts';
import type { OpenOptions } from '../data/open-options.ts';
import { recordSource } from '../data/record-source.ts';
import type { ImageSource, SkippedImage } from '../data/source.ts';
import { rangeOf, scanValues, UNIT } from '../data/value-range.ts';
import type { ValueRange } from '../data/value-range.ts';
import { misuse } from '../errors/error.ts';
import { imageSize } from '../image/image.ts';
import type { DataFiles } from './data-files.ts';
import type { Opening } from './data-platform.ts';
import { fingerprintBytes } from './fingerprint.ts';
import type { PackedBytes } from './packed-bytes.ts';

export interface ArrayFiles {
  /** Name of the data set. */
  readonly name: string;
  readonly images: PackedBytes;
  readonly labels: PackedBytes;
  readonly classNames?: readonly string[];
}

/**
 * A data set of an array of images and one of labels, NumPy's or IDX. Both headers are held against each other, the
 * model and the
 * size of the files before anything is unpacked, so that small files which announce much cost nothing.
 * @throws misuse for files that are cut, of another format, or that do not belong together; `pixel-range`
 */
export async function openArrays(arrays: ArrayFiles, opening: Opening, options: OpenOptions): Promise<ImageSource> {
  const { files } = opening;
  const { name, images, labels, classNames } = arrays;
  const [imageHeader, labelHeader] = [await readHeader(images), await readHeader(labels)];
  const layout = imageDimensions(imageHeader.dimensions, options.shape, images.name);
  const [count] = imageHeader.dimensions;
  checkLabelHeader(labelHeader, count, images.name);
  if (count === 0) throw misuse({ code: 'empty-data', subject: images.name, problem: 'holds no images.' });
  convertedShape(layout.shape, options, options.shape, name);
  const imageBytes = await unpackWhole(imageHeader, images);
  const labelBytes = await unpackWhole(labelHeader, labels);
  const { labels: numbers, classes } = await readLabels(labelHeader, labelBytes);
  const { bytes, ...records } = await openRecords(imageHeader, imageBytes, layout, files, options);
  return recordSource(
    {
      name,
      bytes,
      layout: records.layout,
      labels: numbers,
      classes: checkLabels(numbers, labels.name, classNames?.length ?? classes),
      classNames,
      fingerprint: await fingerprintBytes([imageBytes, labelBytes], opening, options.signal),
      faults: records.faults,
      close: () => files.close(),
    },
    options,
    options.shape,
  );
}

/** What a header says that makes no sense may be damage, which the checksum of a small file tells. */
const SMALL = 64 << 20;

/** @throws misuse `wrong-format`, `unsupported-type`, `wrong-size`, `cut-file`, `damaged-file` */
export async function readHeader(file: PackedBytes): Promise<ArrayHeader> {
  const head = await file.head(Math.max(NPY_HEAD, IDX_HEAD));
  try {
    const idx = head[0] === 0 && head[1] === 0;
    const read = idx || /idx\d-ubyte(\.gz)?$/i.test(file.name) ? readIdxHeader : readNpyHeader;
    const header = read(file.name, head);
    if (file.size !== undefined) checkFileSize(header, file.size);
    return header;
  } catch (error) {
    if (file.size !== undefined && file.size <= SMALL) await file.unpack();
    throw error;
  }
}

async function unpackWhole(header: ArrayHeader, file: PackedBytes): Promise<ByteReader> {
  const bytes = await file.unpack(fileBytes(header));
  checkFileSize(header, bytes.size);
  return bytes;
}

/** The images one after the other, and what their values are. */
async function openRecords(
  header: ArrayHeader,
  stored: ByteReader,
  { shape, order }: Pick<ArrayLayout, 'shape' | 'order'>,
  files: DataFiles,
  options: OpenOptions,
): Promise<{ bytes: ByteReader; layout: ArrayLayout; faults: readonly SkippedImage[] }> {
  const { type, bigEndian, columnMajor, name } = header;
  const bytes = columnMajor ? await files.keep(name, itemByItem(header, stored)) : stored;
  const start = columnMajor ? 0 : header.start;
  const stride = imageSize(shape) * ELEMENT_BYTES[type];
  const { range, faults } = await readRange({ ...header, start }, bytes, stride, options);
  return { bytes, faults, layout: { start, stride, type, bigEndian, shape, order, range } };
}

async function readRange(
  header: ArrayHeader,
  bytes: ByteReader,
  stride: number,
  { pixelRange, signal }: OpenOptions,
): Promise<{ range?: ValueRange; faults: readonly SkippedImage[] }> {
  const { type, name } = header;
  // Every value of these types has its meaning, unless an option says another.
  if (pixelRange === undefined && type === 'uint8') return { faults: [] };
  if (pixelRange === undefined && type === 'bool') return { range: UNIT, faults: [] };
  const scan = await scanValues(header, bytes, stride, signal);
  const faults = Array.from(scan.notFinite, ([position, value]) => ({
    position,
    path: `${name}, image ${position}`,
    reason: `it has a pixel of value ${value}`,
  }));
  return { range: rangeOf(header, scan, pixelRange), faults };
}
