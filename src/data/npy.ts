import { misuse } from '../errors/error.ts';
import type { ArrayHeader } from './array-file.ts';
import type { ElementType } from './elements.ts';

/** NumPy's type codes. */
const TYPES = new Map<string, ElementType>([
  ['b1', 'bool'],
  ['u1', 'uint8'],
  ['i1', 'int8'],
  ['u2', 'uint16'],
  ['i2', 'int16'],
  ['u4', 'uint32'],
  ['i4', 'int32'],
  ['u8', 'uint64'],
  ['i8', 'int64'],
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
]);

/** What to do about other types, by the letter of their code. */
const CONVERSIONS = new Map([
  ['O', 'It holds Python objects: build one array of numbers first, as with numpy.stack, and save that.'],
  ['U', 'It holds text: number the classes with numpy.unique(array, return_inverse=True)[1].'],
  ['S', 'It holds text: number the classes with numpy.unique(array, return_inverse=True)[1].'],
  ['c', 'It holds complex numbers: save their .real, or numpy.abs of them.'],
  ['f', "Convert it in Python with .astype('float64')."],
  ['V', 'It holds records: save one field of numbers as an array of its own.'],
]);

const LONGEST_HEADER = 1 << 16;

/** Of so many bytes a header is part, whatever the file holds. */
export const NPY_HEAD = 12 + LONGEST_HEADER;

/**
 * Reads the header of a NumPy file and leaves the values where they are, so that arrays larger than memory can be read
 * piece by piece; that is why no library does it. (numpy.lib.format, versions 1 to 3.)
 * @param head the first `NPY_HEAD` bytes, or all where there are fewer
 * @throws misuse `wrong-format`, `unsupported-type`, `wrong-size`
 */
export function readNpyHeader(name: string, head: Uint8Array): ArrayHeader {
  if (head.length < 12 || String.fromCharCode(...head.subarray(0, 6)) !== '\x93NUMPY') {
    throw misuse({
      code: 'wrong-format',
      subject: name,
      problem: 'is not a NumPy array file: it does not start with \\x93NUMPY.',
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const lengthBytes = head[6] === 1 ? 2 : 4;
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + length;
  if (length > LONGEST_HEADER || start > head.length) {
    throw misuse({
      code: 'wrong-size',
      subject: name,
      problem: `is cut short or damaged: its header takes ${length} bytes, ${head.length} are there.`,
    });
  }
  const text = new TextDecoder().decode(head.subarray(8 + lengthBytes, start));
  const code = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? (/'descr':\s*\[/.test(text) ? '|V' : undefined);
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const dimensions = /'shape':\s*\(([^)]*)\)/
    .exec(text)?.[1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => (/^\s*\d+L?\s*$/.test(part) ? parseInt(part, 10) : NaN));
  if (code === undefined || fortran === undefined || dimensions === undefined || !areDimensions(dimensions)) {
    throw misuse({
      code: 'wrong-format',
      subject: name,
      problem: `has a header that is not a plain array: ${text.trim().slice(0, 120)}`,
    });
  }
  const type = /^[<>=|]/.test(code) ? TYPES.get(code.slice(1)) : undefined;
  if (type === undefined) {
    const shown = code.slice(0, 40);
    throw misuse({
      code: 'unsupported-type',
      subject: name,
      problem: `holds values of type ${shown}; booleans, integers and floats of 16, 32 and 64 bits are read.`,
      advice: CONVERSIONS.get(code[1]) ?? 'Save an array of numbers.',
    });
  }
  return { name, type, bigEndian: code[0] === '>', columnMajor: isColumnMajor(fortran, dimensions), dimensions, start };
}

function areDimensions(dimensions: readonly number[]): boolean {
  return (
    dimensions.every((size) => Number.isSafeInteger(size)) &&
    dimensions.reduce((all, size) => all * size, 8) <= Number.MAX_SAFE_INTEGER
  );
}

/** Of at most one dimension that is longer than 1, both orders are the same. */
function isColumnMajor(fortran: string, dimensions: readonly number[]): boolean {
  return fortran === 'True' && dimensions.filter((size) => size > 1).length > 1;
}
