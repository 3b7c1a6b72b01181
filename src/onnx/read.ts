import { fromBinary } from '@bufbuild/protobuf';
import { GimbalError, misuse } from '../errors/error.ts';
import { checkAttributes } from './check-attributes.ts';
import { NO_EXTERNAL_DATA, type ExternalData } from './external-data.ts';
import { ModelProtoSchema, type ModelProto } from './generated/onnx_pb.ts';
import type { Model, Node } from './graph.ts';
import { inferShapes } from './infer.ts';
import { inlineFunctions } from './inline-functions.ts';
import { otherFormat } from './other-formats.ts';
import { readGraph } from './read-graph.ts';
import { toWorkingOpset } from './upgrade.ts';
import { checkGraph } from './well-formed.ts';

/**
 * Reads an ONNX file: functions that the model defines are written out, nodes put in topological order.
 *
 * @param bytes the whole file
 * @param external gives the numbers of weights that the model keeps outside its file
 * @throws misuse `not-an-onnx-file` for foreign, cut or malformed files; `damaged-graph` for parts that cannot be
 *   meant; `unsupported-…`, `sparse-initializer`, `model-functions` for parts of ONNX that the project does not handle;
 *   what `external` throws
 */
export function readModel(bytes: Uint8Array, external: ExternalData = NO_EXTERNAL_DATA): Model {
  try {
    return modelOf(parse(bytes), bytes, external);
  } catch (error) {
    if (error instanceof GimbalError) throw error;
    // Whatever else a file brings about while it is read, it is the file that does.
    throw notOnnx(bytes, `it cannot be read (${(error as Error).message})`, error);
  }
}

function modelOf(proto: ModelProto, bytes: Uint8Array, external: ExternalData): Model {
  if (proto.graph === undefined || proto.irVersion <= 0n || proto.opsetImport.length === 0) {
    throw notOnnx(bytes, 'it holds no graph with an operator set');
  }
  const inlined = inlineFunctions(proto.graph, proto);
  const wrong = [proto.irVersion, ...inlined.opsets.values()].find((version) => !(version >= 0 && version < 2 ** 31));
  if (wrong !== undefined) throw notOnnx(bytes, `it names the version ${wrong}, which there cannot be`);
  const nodeOpsets = new Map<Node, number>();
  const graph = readGraph(inlined.graph, { external, opsets: inlined.nodeOpsets, nodeOpsets });
  const fault = checkGraph(graph);
  if (fault !== undefined) throw notOnnx(bytes, fault);
  checkAttributes(graph);
  const model: Model = {
    irVersion: Number(proto.irVersion),
    opsets: inlined.opsets,
    producer: proto.producerName,
    producerVersion: proto.producerVersion || undefined,
    about: told(proto, proto.graph.docString),
    metadata: new Map(proto.metadataProps.map(({ key, value }) => [key, value])),
    graph,
  };
  // Here, so that shapes without bound are refused whatever the model is opened for.
  inferShapes(graph);
  // A file holds operators of one opset: those of functions that import another are brought together.
  return nodeOpsets.size === 0 ? model : toWorkingOpset(model, nodeOpsets);
}

/** What a file says of itself; undefined where that is nothing. */
function told({ domain, modelVersion, docString }: ModelProto, graphDoc: string): Model['about'] {
  const about = {
    domain: domain || undefined,
    version: modelVersion || undefined,
    doc: docString || undefined,
    graphDoc: graphDoc || undefined,
  };
  return Object.values(about).some((value) => value !== undefined) ? about : undefined;
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw notOnnx(bytes, 'it does not read as one', error);
  }
}

function notOnnx(bytes: Uint8Array, problem: string, cause?: unknown): Error {
  const other = otherFormat(bytes);
  if (other !== undefined)
    return misuse(
      { code: 'not-an-onnx-file', subject: 'model', problem: `is ${other.name}, not ONNX.`, advice: other.advice },
      { cause },
    );
  return misuse(
    {
      code: 'not-an-onnx-file',
      subject: 'model',
      problem: `these ${bytes.length} bytes are not a whole ONNX model: ${problem}.`,
      advice: 'Give a complete .onnx file; if it was downloaded, download it again.',
    },
    { cause },
  );
}
