import { misuse } from '../errors/error.ts';
import { checkDimensions } from './bounds.ts';
import { arrayOf, elementTypeOf, nameOfTypeCode } from './element-type.ts';
import { externalReference, type ExternalData } from './external-data.ts';
import { TensorProto_DataLocation as DataLocation, type TensorProto } from './generated/onnx_pb.ts';
import type { ElementType, TensorData, TensorValue } from './graph.ts';
import { memoryFor } from './shared-memory.ts';
import { elementCount } from './tensor.ts';

/**
 * @param subject what the tensor is, for messages: "initializer 'w'"
 * @param external gives the numbers of a tensor that the model keeps outside its file
 */
export function readTensor(proto: TensorProto, subject: string, external: ExternalData): TensorValue {
  const type = elementTypeOf(proto.dataType);
  if (type === undefined) {
    throw misuse({
      code: 'unsupported-element-type',
      subject,
      problem: `its elements are of type ${nameOfTypeCode(proto.dataType)}, which is not supported.`,
      advice: 'Export the model with float32 weights.',
    });
  }
  const dims = proto.dims.map(Number);
  checkDimensions(dims, subject);
  const count = elementCount(dims);
  if (proto.dataLocation === DataLocation.EXTERNAL || proto.externalData.length > 0)
    return { type, dims, data: fromOutside(proto, type, count, subject, external) };
  if (proto.rawData.length === 0) return { type, dims, data: fromTypedField(proto, type, count, subject) };
  return { type, dims, data: fromRawData(proto.rawData, type, count, subject) };
}

function fromRawData(raw: Uint8Array, type: ElementType, count: number, subject: string): TensorData {
  const array = arrayOf(type);
  const expected = array === undefined ? 0 : count * array.BYTES_PER_ELEMENT;
  if (array === undefined || raw.length !== expected)
    throw wrongLength(subject, `${raw.length} bytes`, `${expected} bytes`);
  // A copy, as the bytes in the file are aligned to nothing, and so that the file need not be kept.
  const memory = memoryFor(expected);
  memory.set(raw);
  return new array(memory.buffer, 0, count);
}

function fromOutside(
  proto: TensorProto,
  type: ElementType,
  count: number,
  subject: string,
  external: ExternalData,
): TensorData {
  const array = arrayOf(type);
  if (array === undefined)
    throw misuse({
      code: 'damaged-tensor',
      subject,
      problem: 'its texts are kept outside the model, where only numbers may be.',
      advice: 'The file is damaged: export or download the model again.',
    });
  const bytes = external(externalReference(proto.externalData, count * array.BYTES_PER_ELEMENT, subject));
  return new array(bytes.buffer, bytes.byteOffset, count);
}

function fromTypedField(proto: TensorProto, type: ElementType, count: number, subject: string): TensorData {
  const field = typedField(proto, type);
  if (field.length !== count) throw wrongLength(subject, `${field.length} elements`, `${count}`);
  const array = arrayOf(type);
  if (array === undefined) return (field as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes));
  const data = new array(memoryFor(count * array.BYTES_PER_ELEMENT).buffer, 0, count);
  const wide = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < count; i++) data[i] = (wide ? field[i] : Number(field[i])) as never;
  return data;
}

/** Which field holds which type: the comments of TensorProto in onnx.proto. */
function typedField(proto: TensorProto, type: ElementType): readonly (number | bigint | Uint8Array)[] {
  switch (type) {
    case 'float32':
      return proto.floatData;
    case 'float64':
      return proto.doubleData;
    case 'int64':
      return proto.int64Data;
    case 'uint32':
    case 'uint64':
      return proto.uint64Data;
    case 'string':
      return proto.stringData;
    default:
      return proto.int32Data;
  }
}

function wrongLength(subject: string, got: string, expected: string): Error {
  return misuse({
    code: 'damaged-tensor',
    subject,
    problem: `it holds ${got} where its shape asks for ${expected}.`,
    advice: 'The file is damaged: export or download the model again.',
  });
}
