import { fromFloat16 } from '../float16/float16.ts';

/** The types that the numbers of an array file can have, under NumPy's names. */
export const ELEMENT_BYTES = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
} as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

export const isFloat = (type: ElementType): boolean => type.startsWith('float');

/** Numbers as pixels and labels are computed with; none of the types up to 32 bits loses anything. */
export type Elements = Uint8Array | Float32Array | Float64Array;

/**
 * Numbers out of bytes.
 * @param bigEndian whether the most significant byte comes first
 * @returns bytes stay what they are; 16-bit numbers and float32 become float32, all others float64
 */
export function readElements(bytes: Uint8Array, type: ElementType, bigEndian: boolean): Elements {
  const size = ELEMENT_BYTES[type];
  if (type === 'uint8' || type === 'bool') return bytes;
  const aligned = bytes.slice();
  if (bigEndian !== IS_BIG_ENDIAN) swap(aligned, size);
  const { buffer } = aligned;
  switch (type) {
    case 'int8':
      return Float32Array.from(new Int8Array(buffer));
    case 'uint16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer));
    case 'uint32':
      return Float64Array.from(new Uint32Array(buffer));
    case 'int32':
      return Float64Array.from(new Int32Array(buffer));
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), fromFloat16);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
  }
}

const IS_BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
