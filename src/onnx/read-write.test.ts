import { create, fromBinary, isFieldSet, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { GimbalError } from '../errors/error.ts';
import { hasSharedModels, modelOf, runOnnx, sharedModel, SHARED_MODELS, wave } from '../testing/onnx.ts';
import { float, floats, GraphBuilder } from './builder.ts';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation,
  TypeProto_SequenceSchema,
  type ModelProto,
} from './generated/onnx_pb.ts';
import type { ElementType, Model, TensorData } from './graph.ts';
import { readModel } from './read.ts';
import { fromFloat16 } from '../float16/float16.ts';
import { fromBfloat16, numbersOf } from './tensor.ts';
import { writeModel } from './write.ts';

function issueOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (error instanceof GimbalError) return error.issue;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function smallModel(): Model {
  const b = new GraphBuilder('small');
  const x = b.input('x', 'float32', ['batch', 3, null]);
  const y = b.op('LeakyRelu', [x], { alpha: float(0.5) });
  b.outputAs('y', b.op('Add', [y, b.constant([1, 2, 3], [3, 1])]), 'float32', ['batch', 3, null]);
  return { ...modelOf(b.build()), metadata: new Map([['classes', 'cat,dog']]) };
}

/** A file as another tool may have written it. */
function file(change: (proto: ModelProto) => void): Uint8Array {
  const proto = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: 'ai.onnx', version: 13n }],
    producerName: 'tool',
    producerVersion: '1.2',
    graph: {
      name: 'g',
      input: [
        {
          name: 'x',
          type: {
            value: {
              case: 'tensorType',
              value: { elemType: 1, shape: { dim: [{}, { value: { case: 'dimValue', value: -1n } }] } },
            },
          },
        },
      ],
      output: [{ name: 'y', type: { value: { case: 'tensorType', value: { elemType: 1 } } } }],
      node: [{ name: 'n', opType: 'Add', input: ['x', 'w'], output: ['y'] }],
      initializer: [{ name: 'w', dims: [2n], dataType: 1, floatData: [1, 2] }],
    },
  });
  change(proto);
  return toBinary(ModelProtoSchema, proto);
}

describe('reading', () => {
  test('header, inputs without initializers, unknown dimensions', () => {
    const model = readModel(
      file((proto) =>
        proto.graph!.input.push(create(ModelProtoSchema, { graph: { input: [{ name: 'w' }] } }).graph!.input[0]),
      ),
    );
    expect([model.producer, model.producerVersion]).toEqual(['tool', '1.2']);
    expect(model.opsets).toEqual(new Map([['', 13]]));
    expect(model.graph.inputs).toEqual([{ name: 'x', type: 'float32', shape: [null, null] }]);
    expect(model.graph.outputs).toEqual([{ name: 'y', type: 'float32', shape: undefined }]);
  });

  const typed: [ElementType, number, object, TensorData][] = [
    ['float32', 1, { floatData: [1.5, -2] }, Float32Array.of(1.5, -2)],
    ['float64', 11, { doubleData: [1.5, -2] }, Float64Array.of(1.5, -2)],
    ['int32', 6, { int32Data: [1, -2] }, Int32Array.of(1, -2)],
    ['int16', 5, { int32Data: [1, -2] }, Int16Array.of(1, -2)],
    ['int8', 3, { int32Data: [1, -2] }, Int8Array.of(1, -2)],
    ['uint8', 2, { int32Data: [1, 255] }, Uint8Array.of(1, 255)],
    ['uint16', 4, { int32Data: [1, 65535] }, Uint16Array.of(1, 65535)],
    ['bool', 9, { int32Data: [1, 0] }, Uint8Array.of(1, 0)],
    ['int64', 7, { int64Data: [1n, -2n] }, BigInt64Array.of(1n, -2n)],
    ['uint32', 12, { uint64Data: [1n, 4294967295n] }, Uint32Array.of(1, 4294967295)],
    ['uint64', 13, { uint64Data: [1n, 18446744073709551615n] }, BigUint64Array.of(1n, 18446744073709551615n)],
    ['float16', 10, { int32Data: [0x3c00, 0xc000] }, Uint16Array.of(0x3c00, 0xc000)],
    ['bfloat16', 16, { int32Data: [0x3f80, 0xc000] }, Uint16Array.of(0x3f80, 0xc000)],
    ['string', 8, { stringData: [new TextEncoder().encode('é'), new TextEncoder().encode('')] }, ['é', '']],
  ];
  test.each(typed)('%s from its field, and from raw data', (type, dataType, fields, data) => {
    const model = readModel(
      file((proto) => {
        proto.graph!.initializer = create(ModelProtoSchema, {
          graph: { initializer: [{ name: 'w', dims: [2n], dataType, ...fields }] },
        }).graph!.initializer;
      }),
    );
    expect(model.graph.initializers.get('w')).toEqual({ type, dims: [2], data });
    expect(readModel(writeModel(model)).graph.initializers.get('w')).toEqual({ type, dims: [2], data });
  });

  test('attributes without a type, as the first files have them', () => {
    const model = readModel(
      file((proto) => {
        proto.graph!.node[0].attribute = create(ModelProtoSchema, {
          graph: {
            node: [
              {
                attribute: [
                  { name: 'f', f: 0 },
                  { name: 'i', i: 3n },
                  { name: 's', s: new TextEncoder().encode('SAME') },
                  { name: 'l', ints: [1n, 2n] },
                ],
              },
            ],
          },
        }).graph!.node[0].attribute;
      }),
    );
    expect(Object.fromEntries(model.graph.nodes[0].attributes)).toEqual({
      f: { kind: 'float', value: 0 },
      i: { kind: 'int', value: 3 },
      s: { kind: 'string', value: 'SAME' },
      l: { kind: 'ints', value: [1, 2] },
    });
  });

  test('half floats', () => {
    expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x8000, 0x7c00].map(fromFloat16)).toEqual([
      1,
      -2,
      65504,
      2 ** -24,
      2 ** -14,
      -0,
      Infinity,
    ]);
    expect(fromFloat16(0x7e00)).toBeNaN();
    expect([0x3f80, 0xc000, 0x3eab].map(fromBfloat16)).toEqual([1, -2, 0.333984375]);
    expect(numbersOf({ type: 'float16', dims: [1], data: Uint16Array.of(0x3800) })).toEqual([0.5]);
  });
});

describe('refusing', () => {
  test('a file cut anywhere', () => {
    const whole = writeModel(smallModel());
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      try {
        // What a cut can take away unseen is the metadata at the end.
        expect(readModel(cut).graph).toEqual(smallModel().graph);
      } catch (error) {
        expect((error as GimbalError).issue?.code, `cut at ${length}: ${String(error)}`).toBe('not-an-onnx-file');
      }
    }
  });

  test.each([
    ['text', new TextEncoder().encode('<!doctype html><html>not found</html>')],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d)],
    ['nothing', new Uint8Array()],
    ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0)],
  ])('%s', (_, bytes) => {
    expect(issueOf(() => readModel(bytes)).code).toBe('not-an-onnx-file');
  });

  test('external data, by name', () => {
    const issue = issueOf(() =>
      readModel(
        file((proto) => {
          const w = proto.graph!.initializer[0];
          w.dataLocation = TensorProto_DataLocation.EXTERNAL;
          w.externalData = create(ModelProtoSchema, {
            graph: { initializer: [{ externalData: [{ key: 'location', value: 'model.onnx.data' }] }] },
          }).graph!.initializer[0].externalData;
        }),
      ),
    );
    expect(issue).toMatchObject({ code: 'external-data', subject: "initializer 'w'" });
    expect(issue.problem).toContain("'model.onnx.data'");
  });

  test('a tensor whose numbers do not fill its shape', () => {
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.initializer[0].floatData = [1];
          }),
        ),
      ),
    ).toMatchObject({
      code: 'damaged-tensor',
      problem: 'it holds 1 elements where its shape asks for 2.',
    });
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.initializer[0].rawData = new Uint8Array(7);
          }),
        ),
      ).code,
    ).toBe('damaged-tensor');
  });

  test('values that nothing makes', () => {
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.node[0].input = ['x', 'v'];
          }),
        ),
      ).problem,
    ).toContain("the node 'n' (Add) uses the value 'v'");
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.output[0].name = 'z';
          }),
        ),
      ).problem,
    ).toContain("nothing makes the output 'z'");
  });

  test('element types that are not handled', () => {
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.initializer[0].dataType = 17;
          }),
        ),
      ),
    ).toMatchObject({
      code: 'unsupported-element-type',
      subject: "initializer 'w'",
      problem: 'its elements are of type float8e4m3fn, which is not supported.',
    });
    expect(
      issueOf(() =>
        readModel(
          file((proto) => {
            proto.graph!.output[0].type!.value = { case: 'sequenceType', value: create(TypeProto_SequenceSchema, {}) };
          }),
        ),
      ).code,
    ).toBe('unsupported-value-type');
  });
});

describe('writing', () => {
  test('what was read is what was written', () => {
    const model = smallModel();
    expect(readModel(writeModel(model))).toEqual(model);
  });

  test('what a file says of itself stays, and what it does not say stays unsaid', () => {
    const saying = file((proto) => {
      Object.assign(proto, { domain: 'org.example', modelVersion: 7n, docString: 'cats' });
      proto.graph!.docString = 'and dogs';
    });
    const again = fromBinary(ModelProtoSchema, writeModel(readModel(saying)));
    expect(again).toMatchObject({
      producerName: 'tool',
      producerVersion: '1.2',
      domain: 'org.example',
      modelVersion: 7n,
      docString: 'cats',
      graph: { docString: 'and dogs' },
    });
    const [node] = fromBinary(ModelProtoSchema, writeModel(readModel(file(() => undefined)))).graph!.node;
    expect(isFieldSet(node, NodeProtoSchema.field.domain)).toBe(false);
  });

  test('every kind of attribute, 64-bit ends included', () => {
    const b = new GraphBuilder('inner');
    b.outputAs('z', b.constant(1), 'float32', []);
    const inner = b.build();
    const outer = new GraphBuilder('outer');
    const x = outer.input('x', 'float32', [2]);
    outer.node(
      'Custom',
      [x],
      ['y'],
      {
        int: -3,
        float: float(2),
        string: 'é',
        tensor: { type: 'int64', dims: [1], data: BigInt64Array.of(-5n) },
        graph: { kind: 'graph', value: inner },
        ints: [1, 2],
        floats: floats([1, 0.5]),
        strings: ['a', 'b'],
      },
      'my.domain',
    );
    outer.output('y', 'float32');
    const model = modelOf(outer.build());
    expect(readModel(writeModel(model))).toEqual(model);

    const end = new GraphBuilder('end');
    end.node('Custom', [], ['y'], { last: 2 ** 63, first: -(2 ** 63) });
    end.output('y', 'float32');
    const read = readModel(writeModel(modelOf(end.build()))).graph.nodes[0].attributes;
    expect(read.get('last')).toEqual({ kind: 'int', value: 2 ** 63 });
    expect(read.get('first')).toEqual({ kind: 'int', value: -(2 ** 63) });
  });

  test('ONNX Runtime runs it', async () => {
    const x = { type: 'float32', dims: [1, 3, 2], data: Float32Array.of(-2, 2, -4, 4, -6, 6) } as const;
    expect(await runOnnx(smallModel(), { x })).toEqual({ y: { dims: [1, 3, 2], values: [0, 3, 0, 6, 0, 9] } });
  });

  test.skipIf(!hasSharedModels).each(SHARED_MODELS)('%s: the written file gives the same outputs', async (name) => {
    const original = sharedModel(name);
    const model = readModel(original);
    const written = writeModel(model);
    expect(readModel(written).graph.nodes).toEqual(model.graph.nodes);
    expect(Buffer.compare(writeModel(readModel(written)), written)).toBe(0);
    const { name: input, shape } = model.graph.inputs[0];
    const feeds = { [input]: wave(shape!.map((dim) => (typeof dim === 'number' ? dim : 1))) };
    expect(await runOnnx(model, feeds)).toEqual(await runOnnx(original, feeds));
  });
});
