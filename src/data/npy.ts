import { misuse } from '../errors/error.ts';
import { checkSize } from './bytes.ts';
import type { ByteReader } from './bytes.ts';

/** NumPy's type codes, with what they are called in Python. */
const TYPES = {
  u1: { name: 'uint8', bytes: 1 },
  i1: { name: 'int8', bytes: 1 },
  u2: { name: 'uint16', bytes: 2 },
  i2: { name: 'int16', bytes: 2 },
  u4: { name: 'uint32', bytes: 4 },
  i4: { name: 'int32', bytes: 4 },
  u8: { name: 'uint64', bytes: 8 },
  i8: { name: 'int64', bytes: 8 },
  f4: { name: 'float32', bytes: 4 },
  f8: { name: 'float64', bytes: 8 },
} as const;

export interface NpyArray {
  readonly bytes: ByteReader;
  readonly type: (typeof TYPES)[keyof typeof TYPES]['name'];
  readonly dimensions: readonly number[];
  /** Offset of the first value. */
  readonly start: number;
}

const LONGEST_HEADER = 1 << 20;

/**
 * Reads the header of a NumPy file and leaves the values where they are, so that arrays larger than memory can be read
 * piece by piece; that is why no library does it. (numpy.lib.format, versions 1 to 3.)
 * @throws misuse `wrong-format`, `unsupported-type`, `wrong-size`
 */
export async function readNpyHeader(bytes: ByteReader): Promise<NpyArray> {
  const head = await bytes.read(0, Math.min(bytes.size, 12));
  if (head.length < 12 || String.fromCharCode(...head.subarray(0, 6)) !== '\x93NUMPY') {
    throw misuse({
      code: 'wrong-format',
      subject: bytes.name,
      problem: 'is not a NumPy array file: it does not start with \\x93NUMPY.',
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const lengthBytes = head[6] === 1 ? 2 : 4;
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + length;
  if (length > LONGEST_HEADER || start > bytes.size) {
    throw misuse({
      code: 'wrong-size',
      subject: bytes.name,
      problem: `is cut short: its header takes ${length} bytes, the file has ${bytes.size}.`,
    });
  }
  const header = new TextDecoder().decode(await bytes.read(8 + lengthBytes, length));
  const code = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([^)]*)\)/
    .exec(header)?.[1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (
    code === undefined ||
    fortran === undefined ||
    dimensions === undefined ||
    !dimensions.every(Number.isSafeInteger)
  ) {
    throw misuse({
      code: 'wrong-format',
      subject: bytes.name,
      problem: `has a header that is not a plain array: ${header.trim().slice(0, 120)}`,
    });
  }
  const type = TYPES[code.slice(1) as keyof typeof TYPES];
  if (type === undefined || (code[0] === '>' && type.bytes > 1)) {
    throw misuse({
      code: 'unsupported-type',
      subject: bytes.name,
      problem:
        `holds values of type ${code}; little-endian uint8, float32 and float64 are read, ` +
        'and any integers as labels.',
      advice: "Convert it in Python with .astype('uint8') or .astype('float32').",
    });
  }
  if (fortran === 'True' && dimensions.length > 1) {
    throw misuse({
      code: 'unsupported-type',
      subject: bytes.name,
      problem: 'is stored column by column (Fortran order).',
      advice: 'Save numpy.ascontiguousarray(array) instead.',
    });
  }
  const values = dimensions.reduce((product, size) => product * size, 1);
  checkSize(bytes, start + values * type.bytes, `${type.name} data of ${dimensions.join('×')}`);
  return { bytes, type: type.name, dimensions, start };
}

/**
 * The labels in an array of N or N×1 whole numbers of any type.
 * @throws misuse `array-shape`
 */
export async function readNpyLabels({ bytes, type, dimensions, start }: NpyArray): Promise<Float64Array> {
  if (dimensions.length === 0 || dimensions.slice(1).some((size) => size !== 1)) {
    throw misuse({
      code: 'array-shape',
      subject: bytes.name,
      problem: `has dimensions ${dimensions.join('×') || '()'}; labels are one number for each image.`,
      advice: 'Turn one-hot labels into numbers with .argmax(1).',
    });
  }
  const raw = await bytes.read(start, bytes.size - start);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const get: Record<NpyArray['type'], (index: number) => number> = {
    uint8: (index) => view.getUint8(index),
    int8: (index) => view.getInt8(index),
    uint16: (index) => view.getUint16(2 * index, true),
    int16: (index) => view.getInt16(2 * index, true),
    uint32: (index) => view.getUint32(4 * index, true),
    int32: (index) => view.getInt32(4 * index, true),
    uint64: (index) => Number(view.getBigUint64(8 * index, true)),
    int64: (index) => Number(view.getBigInt64(8 * index, true)),
    float32: (index) => view.getFloat32(4 * index, true),
    float64: (index) => view.getFloat64(8 * index, true),
  };
  return Float64Array.from({ length: dimensions[0] }, (_, index) => get[type](index));
}
