import { fromBinary } from '@bufbuild/protobuf';
import { misuse } from '../errors/error.ts';
import { ModelProtoSchema, type ModelProto } from './generated/onnx_pb.ts';
import type { Model } from './graph.ts';
import { readGraph } from './read-graph.ts';
import { checkGraph } from './well-formed.ts';

/**
 * Reads an ONNX file that stands alone.
 *
 * @param bytes the whole file
 * @throws misuse `not-an-onnx-file` for foreign, cut or malformed files; `external-data` for weights kept elsewhere;
 *   `unsupported-…`, `sparse-initializer`, `model-functions` for parts of ONNX that the project does not handle.
 */
export function readModel(bytes: Uint8Array): Model {
  const proto = parse(bytes);
  if (proto.graph === undefined || proto.irVersion <= 0n || proto.opsetImport.length === 0) {
    throw notOnnx(bytes, 'it holds no graph with an operator set');
  }
  if (proto.functions.length > 0) {
    throw misuse({
      code: 'model-functions',
      subject: `function '${proto.functions[0].name}'`,
      problem: 'the model defines operators of its own as functions, which are not supported.',
      advice: 'Inline them first (Python: onnx.inliner.inline_local_functions(model)).',
    });
  }
  const graph = readGraph(proto.graph);
  const fault = checkGraph(graph);
  if (fault !== undefined) throw notOnnx(bytes, fault);
  return {
    irVersion: Number(proto.irVersion),
    opsets: new Map(
      proto.opsetImport.map(({ domain, version }) => [domain === 'ai.onnx' ? '' : domain, Number(version)]),
    ),
    producer: [proto.producerName, proto.producerVersion].filter((part) => part !== '').join(' '),
    metadata: new Map(proto.metadataProps.map(({ key, value }) => [key, value])),
    graph,
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw notOnnx(bytes, 'it does not read as one', error);
  }
}

function notOnnx(bytes: Uint8Array, problem: string, cause?: unknown): Error {
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
