import { misuse } from '../errors/error.ts';
import { checkSize } from './bytes.ts';
import type { ByteReader } from './bytes.ts';

/**
 * Reads the header of an IDX file of bytes: two zeros, the type (8: unsigned byte), the number of dimensions, then each
 * dimension as a big-endian 32-bit number. (Y. LeCun, "The MNIST database", section "File formats".)
 * @returns the dimensions and the offset of the first value
 * @throws misuse `wrong-format`, `unsupported-type`, `wrong-size`
 */
export async function readIdxHeader(bytes: ByteReader): Promise<{ dimensions: number[]; start: number }> {
  const head = await bytes.read(0, Math.min(bytes.size, 4));
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || head[3] === 0) {
    throw misuse({
      code: 'wrong-format',
      subject: bytes.name,
      problem: `is not an IDX file: it starts with ${hex(head)}, an IDX file of bytes with 00 00 08.`,
    });
  }
  if (head[2] !== 8) {
    throw misuse({
      code: 'unsupported-type',
      subject: bytes.name,
      problem: `has values of IDX type ${head[2]}; only type 8 (unsigned byte) is read.`,
    });
  }
  const start = 4 + 4 * head[3];
  if (bytes.size < start) checkSize(bytes, start, 'the header alone');
  const header = await bytes.read(0, start);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const dimensions = Array.from({ length: head[3] }, (_, dimension) => view.getUint32(4 + 4 * dimension));
  checkSize(
    bytes,
    start + dimensions.reduce((product, size) => product * size, 1),
    `IDX data of ${dimensions.join('×')}`,
  );
  return { dimensions, start };
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'nothing' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
