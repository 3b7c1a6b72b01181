import { misuse } from '../errors/error.ts';
import { arrayOf, elementTypeOf, nameOfTypeCode } from './element-type.ts';
import { TensorProto_DataLocation as DataLocation, type TensorProto } from './generated/onnx_pb.ts';
import type { ElementType, TensorData, TensorValue } from './graph.ts';
import { elementCount } from './tensor.ts';

/** @param subject what the tensor is, for messages: "initializer 'w'" */
export function readTensor(proto: TensorProto, subject: string): TensorValue {
  if (proto.dataLocation === DataLocation.EXTERNAL || proto.externalData.length > 0) {
    const location = proto.externalData.find((entry) => entry.key === 'location')?.value ?? 'a file of its own';
    throw misuse({
      code: 'external-data',
      subject,
      problem: `its numbers are kept outside the model, in '${location}'; they must be inside it.`,
      advice: 'Save the model as one file (Python: onnx.save(onnx.load(path), path, save_as_external_data=False)).',
    });
  }
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
  if (proto.rawData.length === 0) return { type, dims, data: fromTypedField(proto, type, elementCount(dims), subject) };
  return { type, dims, data: fromRawData(proto.rawData, type, elementCount(dims), subject) };
}

function fromRawData(raw: Uint8Array, type: ElementType, count: number, subject: string): TensorData {
  const array = arrayOf(type);
  const expected = array === undefined ? 0 : count * array.BYTES_PER_ELEMENT;
  if (array === undefined || raw.length !== expected)
    throw wrongLength(subject, `${raw.length} bytes`, `${expected} bytes`);
  // A copy, as the bytes in the file are aligned to nothing (and not by slice(), which on Node's Buffer makes none).
  return new array(new Uint8Array(raw).buffer);
}

function fromTypedField(proto: TensorProto, type: ElementType, count: number, subject: string): TensorData {
  const field = typedField(proto, type);
  if (field.length !== count) throw wrongLength(subject, `${field.length} elements`, `${count}`);
  const array = arrayOf(type);
  if (array === undefined) return (field as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes));
  const data = new array(count);
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
