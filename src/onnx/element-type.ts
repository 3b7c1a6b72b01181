import type { ElementType, TensorData } from './graph.ts';
import { TensorProto_DataType as DataType } from './generated/onnx_pb.ts';

type NumericArray = Exclude<TensorData, readonly string[]>;

interface ElementTypeEntry {
  /** The number that stands for the type in a file. */
  readonly code: DataType;
  /** The array that holds it; none for strings. */
  readonly array?: {
    new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumericArray;
    new (length: number): NumericArray;
    readonly BYTES_PER_ELEMENT: number;
  };
}

const ENTRIES: Record<ElementType, ElementTypeEntry> = {
  float32: { code: DataType.FLOAT, array: Float32Array },
  float64: { code: DataType.DOUBLE, array: Float64Array },
  float16: { code: DataType.FLOAT16, array: Uint16Array },
  bfloat16: { code: DataType.BFLOAT16, array: Uint16Array },
  int8: { code: DataType.INT8, array: Int8Array },
  int16: { code: DataType.INT16, array: Int16Array },
  int32: { code: DataType.INT32, array: Int32Array },
  int64: { code: DataType.INT64, array: BigInt64Array },
  uint8: { code: DataType.UINT8, array: Uint8Array },
  uint16: { code: DataType.UINT16, array: Uint16Array },
  uint32: { code: DataType.UINT32, array: Uint32Array },
  uint64: { code: DataType.UINT64, array: BigUint64Array },
  bool: { code: DataType.BOOL, array: Uint8Array },
  string: { code: DataType.STRING },
};

const BY_CODE = new Map(Object.entries(ENTRIES).map(([type, { code }]) => [code as number, type as ElementType]));
const CODE_NAMES = new Map(Object.entries(DataType).map(([name, code]) => [code as number, name.toLowerCase()]));

/** The element type of a file's type number; undefined where the project does not handle it. */
export function elementTypeOf(code: number): ElementType | undefined {
  return BY_CODE.get(code);
}

/** What ONNX calls a type number, handled or not: for messages. */
export function nameOfTypeCode(code: number): string {
  return CODE_NAMES.get(code) ?? `unknown (${code})`;
}

/** The number that stands for an element type in a file, in `Cast`'s `to` and in `ConstantOfShape`. */
export function codeOf(type: ElementType): number {
  return ENTRIES[type].code;
}

/** The class of the array that holds elements of a type; undefined for strings. */
export function arrayOf(type: ElementType): ElementTypeEntry['array'] {
  return ENTRIES[type].array;
}

/** float16, bfloat16, float32, float64. */
export function isFloat(type: ElementType): boolean {
  return type.includes('float');
}
