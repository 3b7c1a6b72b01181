import { fromFloat16, toFloat16 } from '../float16/float16.ts';
import { arrayOf } from './element-type.ts';
import type { ElementType, TensorData, TensorValue } from './graph.ts';

/** How many elements a shape holds: the product of its dimensions, 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/**
 * The elements as numbers: float16 and bfloat16 decoded, 64-bit integers rounded where beyond 2^53. Not for strings.
 */
export function numbersOf(tensor: TensorValue): number[] {
  const { type, data } = tensor;
  if (type === 'string') throw new Error('internal: strings are no numbers');
  if (type === 'float16') return mapped(data as Uint16Array, fromFloat16);
  if (type === 'bfloat16') return mapped(data as Uint16Array, fromBfloat16);
  return mapped(data as ArrayLike<number | bigint>, Number);
}

/** As `Array.from`, which is slow for the millions of numbers that weights are. */
function mapped<T>(values: ArrayLike<T>, numberOf: (value: T) => number): number[] {
  const numbers = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = numberOf(values[i]);
  return numbers;
}

/**
 * A tensor of a type from numbers; integers are cut towards zero. Not for strings, float16 and bfloat16.
 * @param dims default: one dimension
 */
export function tensorFrom(
  type: ElementType,
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): TensorValue {
  const array = arrayOf(type);
  if (array === undefined || type === 'float16' || type === 'bfloat16')
    throw new Error(`internal: no tensor of ${type} from numbers`);
  const data = new array(values.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) data[i] = toBigInt(values[i]);
  } else {
    for (let i = 0; i < values.length; i++) data[i] = values[i];
  }
  return { type, dims, data };
}

/** A float32 tensor in float16: each number becomes the nearest one. */
export function narrowed({ dims, data }: TensorValue): TensorValue {
  return { type: 'float16', dims, data: Uint16Array.from(data as Float32Array, toFloat16) };
}

const INT64_MAX = 2n ** 63n - 1n;

/** A whole number as int64; what lies beyond its range (2^63 − 1 is not a float64) becomes its nearest end. */
export function toBigInt(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  const wide = BigInt(Math.trunc(value));
  return wide > INT64_MAX ? INT64_MAX : wide < -INT64_MAX - 1n ? -INT64_MAX - 1n : wide;
}

/** The bytes of a tensor as the file holds them (little-endian), without copying. */
export function bytesOf(data: Exclude<TensorData, readonly string[]>): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
export function fromBfloat16(bits: number): number {
  scratch.setUint32(0, bits * 65536);
  return scratch.getFloat32(0);
}
