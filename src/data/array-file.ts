import { misuse } from '../errors/error.ts';
import type { ByteReader } from './bytes.ts';
import { ELEMENT_BYTES, isFloat, readElements } from './elements.ts';
import type { ElementType } from './elements.ts';

/** What the header of a file with one array says: NumPy's or IDX. */
export interface ArrayHeader {
  /** How messages name the file. */
  readonly name: string;
  readonly type: ElementType;
  readonly bigEndian: boolean;
  /** The first index runs fastest, as in Fortran. */
  readonly columnMajor: boolean;
  readonly dimensions: readonly number[];
  /** Offset of the first value in bytes. */
  readonly start: number;
}

/** Bytes of the whole file, header and values. */
export function fileBytes({ dimensions, type, start }: ArrayHeader): number {
  return start + dimensions.reduce((product, size) => product * size, 1) * ELEMENT_BYTES[type];
}

/** @throws misuse `wrong-size` unless there are exactly `size` bytes */
export function checkFileSize(header: ArrayHeader, size: number): void {
  const expected = fileBytes(header);
  if (size === expected) return;
  const { name, type, dimensions } = header;
  throw misuse({
    code: 'wrong-size',
    subject: name,
    problem:
      `${size < expected ? 'is cut short' : 'is longer than it says'}: ${type} data of ${dimensions.join('×')} ` +
      `takes ${expected} bytes, there are ${size}.`,
    advice: 'Get or export the file again.',
  });
}

/** So many values are brought into order at once. */
const BLOCK_BYTES = 32 << 20;

/** The values of an array whose first index runs fastest, in pieces, item by item as other files have them. */
export async function* itemByItem(header: ArrayHeader, bytes: ByteReader): AsyncGenerator<Uint8Array> {
  const { dimensions, type, start } = header;
  const [count, ...inner] = dimensions;
  const size = ELEMENT_BYTES[type];
  const values = inner.reduce((product, length) => product * length, 1);
  const block = Math.max(1, Math.min(count, Math.floor(BLOCK_BYTES / (values * size))));
  const places = columnMajorPlaces(inner);
  for (let first = 0; first < count; first += block) {
    const items = Math.min(block, count - first);
    const ordered = new Uint8Array(items * values * size);
    for (let at = 0; at < values; at++) {
      // All items' values at one place lie side by side.
      const run = await bytes.read(start + (places[at] * count + first) * size, items * size);
      for (let item = 0; item < items; item++)
        for (let byte = 0; byte < size; byte++) ordered[(item * values + at) * size + byte] = run[item * size + byte];
    }
    yield ordered;
  }
}

/** For each place in row-major order, its place where the first index runs fastest. */
function columnMajorPlaces(dimensions: readonly number[]): Float64Array {
  const strides = dimensions.map((_, axis) => dimensions.slice(0, axis).reduce((product, size) => product * size, 1));
  const places = new Float64Array(dimensions.reduce((product, size) => product * size, 1));
  const index = dimensions.map(() => 0);
  for (let at = 0; at < places.length; at++) {
    places[at] = index.reduce((sum, value, axis) => sum + value * strides[axis], 0);
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === dimensions[axis]; axis--) index[axis] = 0;
  }
  return places;
}

/** Labels and, where they say it, the number of classes. */
export interface ArrayLabels {
  readonly labels: Float64Array;
  /** Of one-hot labels, their length. */
  readonly classes?: number;
}

/** Whether dimensions are those of labels in numbers, N or N×1. */
const isPlain = (dimensions: readonly number[]) =>
  dimensions.length > 0 && dimensions.slice(1).every((size) => size === 1);

/**
 * Checks that an array can hold labels for `count` images, before it is read: numbers, N or N×1, or one-hot rows, N×K.
 * @throws misuse `array-shape`, `count-mismatch`
 */
export function checkLabelHeader({ name, dimensions }: ArrayHeader, count: number, images: string): void {
  if (!isPlain(dimensions) && dimensions.length !== 2) {
    throw misuse({
      code: 'array-shape',
      subject: name,
      problem:
        `has dimensions ${dimensions.join('×') || '()'}; labels are one number for each image, N or N×1, or ` +
        'one-hot rows, N×K.',
      advice:
        dimensions.length === 0 ? undefined : 'Reshape it with .reshape(-1) if it holds one number for each image.',
    });
  }
  if (dimensions[0] !== count) {
    const turned = dimensions.length === 2 && dimensions[0] === 1 && dimensions[1] === count;
    throw misuse({
      code: 'count-mismatch',
      subject: name,
      problem: `holds ${dimensions.join('×')} labels, ${images} ${count} images.`,
      advice: turned ? 'Reshape it with .reshape(-1).' : undefined,
    });
  }
}

/**
 * The labels in an array that `checkLabelHeader` let pass.
 * @throws misuse `array-shape` for rows that are not one-hot
 */
export async function readLabels(header: ArrayHeader, bytes: ByteReader): Promise<ArrayLabels> {
  const { name, type, bigEndian, dimensions, start } = header;
  const size = ELEMENT_BYTES[type];
  const [count, classes = 1] = dimensions;
  const labels = new Float64Array(count);
  const atOnce = Math.max(1, Math.floor((1 << 20) / (classes * size)));
  for (let first = 0; first < count; first += atOnce) {
    const rows = Math.min(atOnce, count - first);
    const values = readElements(
      await bytes.read(start + first * classes * size, rows * classes * size),
      type,
      bigEndian,
    );
    if (isPlain(dimensions)) labels.set(values, first);
    else
      for (let row = 0; row < rows; row++) {
        labels[first + row] = oneHot(name, type, first + row, values.subarray(row * classes, (row + 1) * classes));
      }
  }
  return isPlain(dimensions) ? { labels } : { labels, classes };
}

function oneHot(name: string, type: ElementType, image: number, row: ArrayLike<number>): number {
  const values = Array.from(row);
  const label = values.indexOf(1);
  if (label >= 0 && values.every((value, at) => value === 0 || at === label)) return label;
  const soft = isFloat(type) && values.every((value) => value >= 0 && value <= 1);
  throw misuse({
    code: 'array-shape',
    subject: name,
    problem:
      `has ${values.length} numbers for each image, and those of image ${image} ` +
      `(${values.slice(0, 4).join(', ')}${values.length > 4 ? ', …' : ''}) are not one 1 among zeros.`,
    advice: soft
      ? 'Turn probabilities into numbers of classes with .argmax(1).'
      : 'Give one number for each image, the number of its class from 0 up.',
  });
}
