import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { runOnnx, wave } from '../testing/onnx.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  type FunctionProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
} from './generated/onnx_pb.ts';
import { readModel } from './read.ts';
import { writeModel } from './write.ts';

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type FunctionInit = MessageInitShape<typeof FunctionProtoSchema>;
type GraphInit = MessageInitShape<typeof GraphProtoSchema>;

const value = (name: string) => ({
  name,
  type: {
    value: {
      case: 'tensorType' as const,
      value: { elemType: 1, shape: { dim: [2n, 3n].map((n) => ({ value: { case: 'dimValue' as const, value: n } })) } },
    },
  },
});

/** A model of x [2, 3] → y with functions of the domain 'own'. */
function file(node: NodeInit[], functions: FunctionInit[], graph: GraphInit = {}): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: [
        { domain: '', version: 18n },
        { domain: 'own', version: 1n },
      ],
      graph: { name: 'g', input: [value('x')], output: [value('y')], node, ...graph },
      functions: functions.map((f) => ({ domain: 'own', opsetImport: [{ domain: '', version: 18n }], ...f })),
    }),
  );
}

const call = (opType: string, input: string[], output: string[], rest: NodeInit = {}): NodeInit => ({
  opType,
  domain: 'own',
  input,
  output,
  ...rest,
});
const node = (opType: string, input: string[], output: string[], attribute: NodeInit['attribute'] = []): NodeInit => ({
  opType,
  input,
  output,
  attribute,
});
const reference = (name: string, refAttrName: string, type: AttributeType) => ({ name, refAttrName, type });
const number = (name: string, f: number) => ({ name, type: AttributeType.FLOAT, f });

const LEAKY: FunctionInit = {
  name: 'Leaky',
  input: ['a', 'shift'],
  output: ['b', 'negative'],
  attribute: ['slope'],
  attributeProto: [number('factor', 3)],
  node: [
    node('LeakyRelu', ['a'], ['t'], [reference('alpha', 'slope', AttributeType.FLOAT)]),
    node('Clip', ['t', '', 'shift'], ['b']),
    node('Elu', ['a'], ['negative'], [reference('alpha', 'factor', AttributeType.FLOAT)]),
  ],
};

/** What ONNX Runtime, which writes functions out itself, makes of the file, against what is read and written here. */
async function expectSame(bytes: Uint8Array): Promise<void> {
  const feeds = { x: wave([2, 3]) };
  const model = readModel(bytes);
  expect(model.graph.nodes.some(({ domain }) => domain === 'own')).toBe(false);
  expect(await runOnnx(writeModel(model), feeds)).toEqual(await runOnnx(bytes, feeds));
}

test('functions are written out: attributes given, by default, left out; inputs and outputs left out', async () => {
  await expectSame(
    file(
      [
        call('Leaky', ['x'], ['p', 'unused'], { attribute: [number('slope', 0.5)] }),
        call('Leaky', ['p', 'half'], ['', 'q'], { attribute: [number('factor', 2)] }),
        call('Leaky', ['q', 'half'], ['y', 'unused too']),
      ],
      [LEAKY],
      { initializer: [{ name: 'half', dims: [], dataType: 1, floatData: [0.5] }] },
    ),
  );
});

test('functions in functions, in branches, with branches, under names that the graph has too', async () => {
  const branch = (nodes: NodeInit[]): GraphInit => ({ name: 'branch', output: [value('r')], node: nodes });
  const twice: FunctionInit = {
    name: 'Twice',
    input: ['x', 'which'],
    output: ['y'],
    node: [
      call('Leaky', ['x'], ['p', 'n'], { attribute: [number('slope', 0.25)] }),
      node(
        'If',
        ['which'],
        ['y'],
        [
          { name: 'then_branch', type: AttributeType.GRAPH, g: branch([call('Leaky', ['p'], ['r', 'm'])]) },
          { name: 'else_branch', type: AttributeType.GRAPH, g: branch([node('Neg', ['p'], ['r'])]) },
        ],
      ),
    ],
    opsetImport: [
      { domain: '', version: 18n },
      { domain: 'own', version: 1n },
    ],
  };
  const initializer = [
    { name: 'yes', dims: [], dataType: 9, int32Data: [1] },
    { name: 'no', dims: [], dataType: 9, int32Data: [0] },
  ];
  await expectSame(
    file(
      [call('Twice', ['x', 'yes'], ['p']), call('Twice', ['x', 'no'], ['q']), node('Add', ['p', 'q'], ['y'])],
      [twice, LEAKY],
      { initializer },
    ),
  );
});

test('an output that is an input of the function', async () => {
  const passing: FunctionInit = {
    name: 'Pass',
    input: ['a', 'b'],
    output: ['b', 'a', 'c'],
    node: [node('Neg', ['a'], ['c'])],
  };
  const nodes = [call('Pass', ['x', 'two'], ['p', '', 'q']), node('Sub', ['q', 'p'], ['y'])];
  const bytes = file(nodes, [passing], { initializer: [{ name: 'two', dims: [], dataType: 1, floatData: [2] }] });
  const x = wave([2, 3]);
  const { y } = await runOnnx(writeModel(readModel(bytes)), { x });
  expect(y.values).toEqual(Array.from(x.data as Float32Array, (v) => Math.fround(-v - 2)));
});

test('a function of another opset is brought to that of the rest: axes of ReduceSum before 13', async () => {
  const old: FunctionInit = {
    name: 'Old',
    input: ['a'],
    output: ['b'],
    node: [node('ReduceSum', ['a'], ['b'], [{ name: 'axes', type: AttributeType.INTS, ints: [1n] }])],
    opsetImport: [{ domain: '', version: 11n }],
  };
  const bytes = file([call('Old', ['x'], ['s']), node('Mul', ['x', 's'], ['y'])], [old]);
  const x = wave([2, 3]);
  const { y } = await runOnnx(writeModel(readModel(bytes)), { x });
  const data = Array.from(x.data as Float32Array);
  const sums = [0, 3].map((row) => data.slice(row, row + 3).reduce((a, b) => a + b));
  expect(y.values.map((v) => v.toFixed(5))).toEqual(data.map((v, i) => (v * sums[Math.floor(i / 3)]).toFixed(5)));
});

test('a function that calls itself, and one that doubles at each level, are refused', () => {
  const one = (name: string, called: string[]): FunctionInit => ({
    name,
    input: ['a'],
    output: ['b'],
    node: called.map((other, i) =>
      call(other, [i === 0 ? 'a' : `t${i - 1}`], [i === called.length - 1 ? 'b' : `t${i}`]),
    ),
  });
  const main = [call('f0', ['x'], ['y'])];
  expect(() => readModel(file(main, [one('f0', ['f1']), one('f1', ['f0'])]))).toThrow(
    "function 'f0' of the model: it calls itself (f0 → f1 → f0).",
  );
  const doubling = Array.from({ length: 40 }, (_, i) => one(`f${i}`, [`f${i + 1}`, `f${i + 1}`]));
  const leaf = { name: 'f40', input: ['a'], output: ['b'], node: [node('Relu', ['a'], ['b'])] };
  expect(() => readModel(file(main, [...doubling, leaf]))).toThrow('come to more than 100,000 nodes');
  const deep = Array.from({ length: 100 }, (_, i) => one(`f${i}`, [`f${i + 1}`]));
  expect(() => readModel(file(main, deep))).toThrow('through more than 64 other functions');
});

test('nodes are put in order, inner graphs included; what waits for itself is named', async () => {
  const then: GraphInit = {
    name: 'then',
    output: [value('r')],
    node: [node('Neg', ['u'], ['r']), node('Abs', ['late'], ['u'])],
  };
  const otherwise: GraphInit = { name: 'else', output: [value('s')], node: [node('Neg', ['x'], ['s'])] };
  const initializer = [{ name: 'yes', dims: [], dataType: 9, int32Data: [1] }];
  const bytes = file(
    [
      node('Relu', ['i'], ['y']),
      node(
        'If',
        ['yes'],
        ['i'],
        [
          { name: 'then_branch', type: AttributeType.GRAPH, g: then },
          { name: 'else_branch', type: AttributeType.GRAPH, g: otherwise },
        ],
      ),
      node('Exp', ['x'], ['late']),
    ],
    [],
    { initializer },
  );
  const model = readModel(bytes);
  expect(model.graph.nodes.map(({ opType }) => opType)).toEqual(['Exp', 'If', 'Relu']);
  const { y } = await runOnnx(writeModel(model), { x: wave([2, 3]) });
  expect(y.values).toEqual(new Array(6).fill(0));

  expect(() =>
    readModel(file([node('Neg', ['b'], ['a']), node('Add', ['x', 'a'], ['b']), node('Abs', ['b'], ['y'])], [])),
  ).toThrow("node 'a' (Neg): it waits for its own result, in a circle: node 'a' (Neg), node 'b' (Add).");
  expect(() => readModel(file([node('Add', ['y', 'x'], ['y'])], []))).toThrow('it reads what it makes itself');
});

test('100,000 nodes in the wrong order are put right: in quadratic time this would not end', () => {
  const count = 100_000;
  const nodes = Array.from({ length: count }, (_, i) =>
    node('Relu', [i === count - 1 ? 'x' : `v${i + 1}`], [i === 0 ? 'y' : `v${i}`]),
  );
  expect(readModel(file(nodes, [])).graph.nodes[0].inputs).toEqual(['x']);
}, 30_000);
