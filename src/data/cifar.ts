import { misuse } from '../errors/error.ts';
import type { ArrayLayout } from './array-layout.ts';
import type { ByteReader } from './bytes.ts';
import { pieces } from './bytes.ts';

const PIXEL_BYTES = 3 * 32 * 32;

/**
 * The binary version of CIFAR: records of label bytes, then 1,024 red, green and blue bytes. The last label byte is the
 * class.
 */
export interface CifarKind {
  readonly labelBytes: number;
  readonly classes: number;
}

export const CIFAR10: CifarKind = { labelBytes: 1, classes: 10 };

/** Coarse label, then fine label. */
export const CIFAR100: CifarKind = { labelBytes: 2, classes: 100 };

export function cifarLayout({ labelBytes }: CifarKind): ArrayLayout {
  return {
    start: labelBytes,
    stride: labelBytes + PIXEL_BYTES,
    type: 'uint8',
    shape: { channels: 3, height: 32, width: 32 },
    order: 'chw',
  };
}

/**
 * Goes once through all records and picks up their labels.
 * @param visit gets all bytes in order, for a checksum on the way
 * @throws misuse `wrong-size` where the bytes are not whole records
 */
export async function scanCifar(
  bytes: ByteReader,
  { labelBytes }: CifarKind,
  visit: (piece: Uint8Array) => void,
): Promise<Uint8Array> {
  const record = labelBytes + PIXEL_BYTES;
  if (bytes.size === 0 || bytes.size % record !== 0) {
    throw misuse({
      code: 'wrong-size',
      subject: bytes.name,
      problem: `has ${bytes.size} bytes, which is not a whole number of records of ${record} bytes.`,
      advice: 'It is cut short or not in the binary version of CIFAR (that for Matlab is not read): get it again.',
    });
  }
  const labels = new Uint8Array(bytes.size / record);
  let index = 0;
  for await (const piece of pieces(bytes, record * 300)) {
    visit(piece);
    for (let at = labelBytes - 1; at < piece.length; at += record) labels[index++] = piece[at];
  }
  return labels;
}
