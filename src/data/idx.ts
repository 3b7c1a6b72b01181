import { misuse } from '../errors/error.ts';
import type { ArrayHeader } from './array-file.ts';
import type { ElementType } from './elements.ts';

/** Types of values, by their number in the header. */
const TYPES = new Map<number, ElementType>([
  [0x08, 'uint8'],
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
]);

/** Of so many bytes a header is part. */
export const IDX_HEAD = 4 + 4 * 255;

/**
 * Reads the header of an IDX file: two zeros, the type (8: unsigned byte), the number of dimensions, then each
 * dimension as a big-endian 32-bit number. (Y. LeCun, "The MNIST database", section "File formats".)
 * @param head the first `IDX_HEAD` bytes, or all where there are fewer
 * @throws misuse `wrong-format`, `unsupported-type`, `wrong-size`
 */
export function readIdxHeader(name: string, head: Uint8Array): ArrayHeader {
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || head[3] === 0) {
    throw misuse({
      code: 'wrong-format',
      subject: name,
      problem: `is not an IDX file: it starts with ${hex(head.subarray(0, 4))}, an IDX file of bytes with 00 00 08.`,
    });
  }
  const type = TYPES.get(head[2]);
  if (type === undefined) {
    throw misuse({
      code: 'unsupported-type',
      subject: name,
      problem: `has values of IDX type ${head[2]}; the types 8, 9 and 11 to 14 (integers and floats) are read.`,
    });
  }
  const start = 4 + 4 * head[3];
  if (head.length < start) {
    throw misuse({
      code: 'wrong-size',
      subject: name,
      problem: `is cut short: the header alone takes ${start} bytes, there are ${head.length}.`,
      advice: 'Get or export the file again.',
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dimensions = Array.from({ length: head[3] }, (_, dimension) => view.getUint32(4 + 4 * dimension));
  return { name, type, bigEndian: true, columnMajor: false, dimensions, start };
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'nothing' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
