import { isFieldSet } from '@bufbuild/protobuf';
import { misuse } from '../errors/error.ts';
import { checkDimensions, damaged } from './bounds.ts';
import { elementTypeOf, nameOfTypeCode } from './element-type.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
} from './generated/onnx_pb.ts';
import type { ExternalData } from './external-data.ts';
import type { Attribute, Dimension, Graph, Node, TensorValue, ValueInfo } from './graph.ts';
import { readTensor } from './read-tensor.ts';
import { inOrder } from './sort.ts';

/** What goes along while a model's graphs are read. */
export interface Reading {
  readonly external: ExternalData;
  /** Opset of ONNX's own operators where it is not the model's: in functions that import another. */
  readonly opsets: ReadonlyMap<NodeProto, number>;
  /** The same, of the nodes that were read. */
  readonly nodeOpsets: Map<Node, number>;
}

/** Graphs within graphs. */
const DEEPEST = 16;

/** @param depth graphs around this one */
export function readGraph(proto: GraphProto, reading: Reading, depth = 0): Graph {
  if (depth > DEEPEST) throw damaged(`graph '${proto.name}'`, `it lies inside more than ${DEEPEST} other graphs.`);
  if (proto.sparseInitializer.length > 0) {
    throw misuse({
      code: 'sparse-initializer',
      subject: `initializer '${proto.sparseInitializer[0].values?.name ?? ''}'`,
      problem: 'it is stored as a sparse tensor, which is not supported.',
      advice: 'Export the model with dense weights.',
    });
  }
  const initializers = new Map<string, TensorValue>();
  for (const tensor of proto.initializer) {
    const subject = `initializer '${tensor.name}'`;
    if (initializers.has(tensor.name)) throw damaged(subject, 'the file holds two of this name.');
    initializers.set(tensor.name, readTensor(tensor, subject, reading.external));
  }
  return {
    name: proto.name,
    // Before IR version 4 every initializer is listed among the inputs too.
    inputs: proto.input.filter((info) => !initializers.has(info.name)).map((info) => readBoundaryValue(info, 'input')),
    outputs: proto.output.map((info) => readBoundaryValue(info, 'output')),
    initializers,
    nodes: inOrder(proto.node.map((node) => readNode(node, reading, depth))),
    valueInfo: new Map(
      proto.valueInfo.flatMap((info) => {
        const read = readValueInfo(info);
        return read === undefined ? [] : [[info.name, read]];
      }),
    ),
  };
}

/** Undefined where the value is no tensor of a type that the project handles. */
function readValueInfo(proto: ValueInfoProto): ValueInfo | undefined {
  if (proto.type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = proto.type.value.value;
  const type = elementTypeOf(elemType);
  return type === undefined ? undefined : { name: proto.name, type, shape: shape?.dim.map(readDimension) };
}

function readBoundaryValue(proto: ValueInfoProto, role: 'input' | 'output'): ValueInfo {
  const info = readValueInfo(proto);
  if (info !== undefined) {
    checkDimensions(info.shape ?? [], `${role} '${proto.name}'`);
    return info;
  }
  const value = proto.type?.value;
  const got = value?.case === 'tensorType' ? nameOfTypeCode(value.value.elemType) : value?.case?.replace('Type', '');
  throw misuse({
    code: 'unsupported-value-type',
    subject: `${role} '${proto.name}'`,
    problem:
      `${got === undefined ? 'the file does not say its type' : `its type is ${got}`}; ` +
      'it must be a tensor of numbers.',
    advice: 'Export the classifier so that it takes an image tensor and gives a tensor of scores.',
  });
}

function readDimension(dimension: TensorShapeProto_Dimension): Dimension {
  const { value } = dimension;
  if (value.case === 'dimValue') return value.value < 0n ? null : Number(value.value);
  return value.case === 'dimParam' && value.value !== '' ? value.value : null;
}

function readNode(proto: NodeProto, reading: Reading, depth: number): Node {
  const subject = `node '${proto.name || proto.output[0]}' (${proto.opType})`;
  const node: Node = {
    name: proto.name,
    opType: proto.opType,
    domain: proto.domain === 'ai.onnx' ? '' : proto.domain,
    inputs: proto.input,
    outputs: proto.output,
    attributes: new Map(
      proto.attribute.map((attribute) => [attribute.name, readAttribute(attribute, subject, reading, depth)]),
    ),
  };
  const opset = reading.opsets.get(proto);
  if (opset !== undefined) reading.nodeOpsets.set(node, opset);
  return node;
}

function readAttribute(proto: AttributeProto, subject: string, reading: Reading, depth: number): Attribute {
  const type = attributeType(proto);
  if (type === AttributeType.INT) return { kind: 'int', value: Number(proto.i) };
  if (type === AttributeType.FLOAT) return { kind: 'float', value: proto.f };
  if (type === AttributeType.STRING) return { kind: 'string', value: text(proto.s) };
  if (type === AttributeType.INTS) return { kind: 'ints', value: proto.ints.map(Number) };
  if (type === AttributeType.FLOATS) return { kind: 'floats', value: proto.floats };
  if (type === AttributeType.STRINGS) return { kind: 'strings', value: proto.strings.map(text) };
  if (type === AttributeType.TENSOR && proto.t !== undefined) {
    return { kind: 'tensor', value: readTensor(proto.t, `${subject}, attribute '${proto.name}'`, reading.external) };
  }
  if (type === AttributeType.GRAPH && proto.g !== undefined)
    return { kind: 'graph', value: readGraph(proto.g, reading, depth + 1) };
  throw misuse({
    code: 'unsupported-attribute',
    subject,
    problem: `its attribute '${proto.name}' is of a kind that is not supported (number ${type} of AttributeProto).`,
    advice: 'Export the model with standard operators.',
  });
}

/** The first files (IR versions 1 and 2) leave the type out: what is set tells it. */
function attributeType(proto: AttributeProto): number {
  if (proto.type !== AttributeType.UNDEFINED) return proto.type;
  const { field } = AttributeProtoSchema;
  if (isFieldSet(proto, field.f)) return AttributeType.FLOAT;
  if (isFieldSet(proto, field.i)) return AttributeType.INT;
  if (isFieldSet(proto, field.s)) return AttributeType.STRING;
  if (isFieldSet(proto, field.t)) return AttributeType.TENSOR;
  if (isFieldSet(proto, field.g)) return AttributeType.GRAPH;
  if (proto.floats.length > 0) return AttributeType.FLOATS;
  if (proto.strings.length > 0) return AttributeType.STRINGS;
  return AttributeType.INTS;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
