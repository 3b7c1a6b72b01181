import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { misuse } from '../errors/error.ts';
import { codeOf } from './element-type.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import type { Attribute, Graph, Model, Node, TensorValue, ValueInfo } from './graph.ts';
import { bytesOf, toBigInt } from './tensor.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** The first IR version in which an initializer need not be listed among the inputs; none older is written. */
const OLDEST_IR_VERSION = 4;

/** What a file of protocol buffers may have. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The bytes of an ONNX file, numbers as raw data.
 *
 * @param apart initializers whose numbers lie elsewhere, with the location that the file names; none: it stands alone
 * @throws misuse `model-too-large` where the file would be larger than an ONNX file can be
 */
export function writeModel(model: Model, apart: ReadonlyMap<string, string> = NONE): Uint8Array {
  checkSize(model.graph, apart);
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(Math.max(model.irVersion, OLDEST_IR_VERSION)),
      opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
      producerName: model.producer,
      producerVersion: model.producerVersion,
      domain: model.about?.domain,
      modelVersion: model.about?.version,
      docString: model.about?.doc,
      metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
      graph: graphProto(model.graph, apart, model.about?.graphDoc),
    }),
  );
}

function checkSize({ initializers }: Graph, apart: ReadonlyMap<string, string>): void {
  let total = 0;
  for (const [name, { data }] of initializers)
    if (ArrayBuffer.isView(data) && !apart.has(name)) total += data.byteLength;
  if (total > MOST_BYTES)
    throw misuse({
      code: 'model-too-large',
      subject: 'model',
      problem: `has ${total} bytes of weights; one ONNX file holds at most ${MOST_BYTES}.`,
      advice: 'Convert the weights to float16 first.',
    });
}

function graphProto(
  graph: Graph,
  apart: ReadonlyMap<string, string>,
  docString?: string,
): MessageInitShape<typeof GraphProtoSchema> {
  return {
    name: graph.name,
    docString,
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
    initializer: [...graph.initializers].map(([name, value]) => ({ name, ...tensorProto(value, apart.get(name)) })),
    node: graph.nodes.map(nodeProto),
    valueInfo: [...graph.valueInfo.values()].map(valueInfoProto),
  };
}

function nodeProto(node: Node): MessageInitShape<typeof NodeProtoSchema> {
  return {
    name: node.name || undefined,
    opType: node.opType,
    domain: node.domain || undefined,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: [...node.attributes].map(([name, value]) => ({ name, ...attributeProto(value) })),
  };
}

function attributeProto(
  attribute: Attribute,
): Omit<MessageInitShape<typeof AttributeProtoSchema>, '$typeName' | '$unknown'> {
  switch (attribute.kind) {
    case 'int':
      return { type: AttributeType.INT, i: toBigInt(attribute.value) };
    case 'float':
      return { type: AttributeType.FLOAT, f: attribute.value };
    case 'string':
      return { type: AttributeType.STRING, s: utf8(attribute.value) };
    case 'tensor':
      return { type: AttributeType.TENSOR, t: tensorProto(attribute.value) };
    case 'graph':
      return { type: AttributeType.GRAPH, g: graphProto(attribute.value, NONE) };
    case 'ints':
      return { type: AttributeType.INTS, ints: attribute.value.map(toBigInt) };
    case 'floats':
      return { type: AttributeType.FLOATS, floats: [...attribute.value] };
    case 'strings':
      return { type: AttributeType.STRINGS, strings: attribute.value.map(utf8) };
  }
}

function tensorProto(
  value: TensorValue,
  location?: string,
): Omit<MessageInitShape<typeof TensorProtoSchema>, '$typeName' | '$unknown'> {
  const head = { dims: value.dims.map(BigInt), dataType: codeOf(value.type) };
  if (location !== undefined)
    return { ...head, dataLocation: DataLocation.EXTERNAL, externalData: [{ key: 'location', value: location }] };
  const { data } = value;
  return ArrayBuffer.isView(data) ? { ...head, rawData: bytesOf(data) } : { ...head, stringData: data.map(utf8) };
}

function valueInfoProto(info: ValueInfo): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = info.shape?.map((dimension) => {
    if (typeof dimension === 'number') return { value: { case: 'dimValue' as const, value: BigInt(dimension) } };
    return dimension === null ? {} : { value: { case: 'dimParam' as const, value: dimension } };
  });
  return {
    name: info.name,
    type: {
      value: {
        case: 'tensorType',
        value: { elemType: codeOf(info.type), shape: dim === undefined ? undefined : { dim } },
      },
    },
  };
}

function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
