import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { codeOf } from './element-type.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import type { Attribute, Graph, Model, Node, TensorValue, ValueInfo } from './graph.ts';
import { bytesOf, toBigInt } from './tensor.ts';

/** The first IR version in which an initializer need not be listed among the inputs; none older is written. */
const OLDEST_IR_VERSION = 4;

/** The bytes of an ONNX file that stands alone, numbers as raw data. */
export function writeModel(model: Model): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(Math.max(model.irVersion, OLDEST_IR_VERSION)),
      opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
      producerName: model.producer,
      metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
      graph: graphProto(model.graph),
    }),
  );
}

function graphProto(graph: Graph): MessageInitShape<typeof GraphProtoSchema> {
  return {
    name: graph.name,
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
    initializer: [...graph.initializers].map(([name, value]) => ({ name, ...tensorProto(value) })),
    node: graph.nodes.map(nodeProto),
    valueInfo: [...graph.valueInfo.values()].map(valueInfoProto),
  };
}

function nodeProto(node: Node): MessageInitShape<typeof NodeProtoSchema> {
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
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
      return { type: AttributeType.GRAPH, g: graphProto(attribute.value) };
    case 'ints':
      return { type: AttributeType.INTS, ints: attribute.value.map(toBigInt) };
    case 'floats':
      return { type: AttributeType.FLOATS, floats: [...attribute.value] };
    case 'strings':
      return { type: AttributeType.STRINGS, strings: attribute.value.map(utf8) };
  }
}

function tensorProto(value: TensorValue): Omit<MessageInitShape<typeof TensorProtoSchema>, '$typeName' | '$unknown'> {
  const head = { dims: value.dims.map(BigInt), dataType: codeOf(value.type) };
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
