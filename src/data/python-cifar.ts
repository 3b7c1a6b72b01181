import { misuse } from '../errors/error.ts';
import { checkLabels } from './labels.ts';
import { keyOf, PyArray, type PyValue } from './pickle/values.ts';

const PIXEL_BYTES = 3 * 32 * 32;

/** A batch of the Python version of CIFAR. */
export interface PythonBatch {
  /** 3,072 bytes for each image: red, green, blue, row by row. A part of the file's bytes. */
  readonly pixels: Uint8Array;
  /** Of CIFAR-100 the fine ones. */
  readonly labels: readonly number[];
  /** Of CIFAR-100 only. */
  readonly coarse?: readonly number[];
}

type Dictionary = ReadonlyMap<string, PyValue>;

/**
 * What a batch says: a dictionary with `data` (N × 3,072 bytes) and `labels`, or `fine_labels` and `coarse_labels`.
 * @throws misuse `foreign-format`, `wrong-size`, `label-out-of-range`
 */
export function readBatch(value: PyValue, subject: string): PythonBatch {
  const batch = dictionaryOf(value, subject);
  const data = batch.get('data');
  const fine = batch.get('fine_labels');
  if (!(data instanceof PyArray)) throw foreign(subject, 'has no array "data"');
  const labels = numbersOf(fine ?? batch.get('labels'));
  if (labels === undefined) throw foreign(subject, 'has no list "labels" or "fine_labels" of whole numbers');
  const [count, size] = data.shape;
  const type = `${data.type?.code}`;
  if (type !== 'u1' || data.shape.length !== 2 || size !== PIXEL_BYTES || (data.fortran && count > 1))
    throw foreign(
      subject,
      `has "data" of type ${type} and shape ${data.shape.join(' × ')}, not bytes of shape N × 3072`,
    );
  const bytes = data.data.length;
  if (bytes !== count * PIXEL_BYTES || labels.length !== count) {
    throw misuse({
      code: 'wrong-size',
      subject,
      problem: `has ${bytes} bytes of pixels and ${labels.length} labels for ${count} images of 3,072 bytes.`,
      advice: 'Get it again.',
    });
  }
  const coarse = fine === undefined ? undefined : numbersOf(batch.get('coarse_labels'));
  checkLabels(labels, subject, fine === undefined ? 10 : 100);
  return { pixels: data.data, labels, ...(coarse === undefined ? {} : { coarse }) };
}

/**
 * The class names that `batches.meta` or `meta` says.
 * @returns `undefined` where it says none
 */
export function readMeta(value: PyValue, subject: string): string[] | undefined {
  const meta = dictionaryOf(value, subject);
  const names = meta.get('fine_label_names') ?? meta.get('label_names');
  if (!Array.isArray(names)) return undefined;
  const told = (names as readonly PyValue[]).map(keyOf);
  return told.every((name) => name !== undefined) ? told : undefined;
}

function dictionaryOf(value: PyValue, subject: string): Dictionary {
  if (!(value instanceof Map)) throw foreign(subject, 'holds no dictionary');
  const entries = Array.from(
    value as ReadonlyMap<PyValue, PyValue>,
    ([key, item]) => [keyOf(key) ?? '', item] as const,
  );
  return new Map(entries);
}

/** A list of whole numbers, or an array of them. */
function numbersOf(value: PyValue | undefined): number[] | undefined {
  if (value instanceof PyArray) return value.shape.length === 1 ? numbersIn(value) : undefined;
  if (!Array.isArray(value)) return undefined;
  return value.every((label) => typeof label === 'number') ? (value as number[]) : undefined;
}

function numbersIn({ data, type, shape: [count] }: PyArray): number[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = type?.order !== '>';
  const readers: Readonly<Record<string, readonly [number, (at: number) => number]>> = {
    u1: [1, (at) => view.getUint8(at)],
    i4: [4, (at) => view.getInt32(at, little)],
    i8: [8, (at) => Number(view.getBigInt64(at, little))],
  };
  const reader = readers[type?.code ?? ''];
  if (reader === undefined || data.length !== count * reader[0]) return undefined;
  const [size, read] = reader;
  return Array.from({ length: count }, (_, at) => read(at * size));
}

function foreign(subject: string, problem: string): Error {
  return misuse({
    code: 'foreign-format',
    subject,
    problem: `is a pickle, and not one of CIFAR's: it ${problem}.`,
    advice:
      'Save the images and labels in Python with numpy.savez("data.npz", images=IMAGES, labels=LABELS), and ' +
      'give data.npz.',
  });
}
