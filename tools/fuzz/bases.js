import { create, toBinary } from '@bufbuild/protobuf';
import { gzipSync, strToU8, unzlibSync, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { GraphBuilder, float } from '../../dist/onnx/builder.js';
import { ModelProtoSchema } from '../../dist/onnx/generated/onnx_pb.js';
import { writeModel } from '../../dist/onnx/write.js';
import { LIBRARY_FILES } from '../../dist/testing/library-files.js';
import { wilsonInterval } from '../../dist/statistics/wilson.js';
import { encodeCheckpoint } from '../../dist/training/run/checkpoint.js';

/*
 * The small files that are changed, made here so that the driver runs from a clean clone.
 */

function onnxOf(build, opset = 17) {
  const b = new GraphBuilder('net');
  const y = build(b, b.input('x', 'float32', ['N', 1, 8, 8]));
  b.outputAs('y', y, 'float32', ['N', 3]);
  const model = {
    irVersion: 8,
    opsets: new Map([
      ['', opset],
      ['com.microsoft', 1],
    ]),
    producer: 'fuzz',
    metadata: new Map([['classes', 'a,b,c']]),
    graph: b.build(),
  };
  return writeModel(model);
}

const values = (...dims) => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
});
const dense = (b, x, n) => b.op('Gemm', [x, b.initializer('w', values(n, 3)), b.initializer('bias', values(3))]);

export function onnxBases() {
  const convolution = onnxOf((b, x) => {
    const c = b.op('Conv', [x, b.initializer('k', values(2, 1, 3, 3))], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    const n = b.op('BatchNormalization', [
      c,
      ...['s', 'o', 'm', 'v'].map((name) =>
        b.initializer(name, {
          type: 'float32',
          dims: [2],
          data: Float32Array.of(1, 2),
        }),
      ),
    ]);
    const p = b.op('MaxPool', [b.op('Relu', [n])], {
      kernel_shape: [2, 2],
      strides: [2, 2],
    });
    const a = b.op('AveragePool', [p], { kernel_shape: [2, 2], ceil_mode: 1 });
    return b.op('Softmax', [dense(b, b.op('Flatten', [a]), 2)], { axis: -1 });
  });
  const shapes = onnxOf((b, x) => {
    const n = b.op('Gather', [b.op('Shape', [x]), b.ints([0])], { axis: 0 });
    const flat = b.op('Reshape', [
      b.op('Slice', [x, b.ints([0]), b.ints([8]), b.ints([3]), b.ints([2])]),
      b.op('Concat', [n, b.ints([-1])], { axis: 0 }),
    ]);
    const half = b.op('Div', [b.op('Add', [n, n]), b.ints([2])]);
    const zeros = b.op('ConstantOfShape', [b.op('Concat', [half, b.ints([32])], { axis: 0 })]);
    const [one, two] = b.ops('Split', [b.op('Add', [flat, zeros]), b.ints([16, 16])], 2, { axis: 1 });
    const range = b.op('Cast', [b.op('Range', [b.ints(0), b.ints(16), b.ints(1)])], { to: 1 });
    return dense(b, b.op('Mul', [b.op('Sub', [one, two]), b.op('Expand', [range, b.ints([1, 16])])]), 16);
  });
  const attention = onnxOf((b, x) => {
    const t = b.op('Transpose', [b.op('Squeeze', [x, b.ints([1])])], {
      perm: [0, 2, 1],
    });
    const l = b.op('LayerNormalization', [t, b.initializer('g', values(8))], {
      axis: -1,
      epsilon: float(1e-5),
    });
    const e = b.op('Softmax', [b.op('MatMul', [l, b.op('Transpose', [l], { perm: [0, 2, 1] })])], { axis: -1 });
    const r = b.op('ReduceMean', [b.op('MatMul', [e, l])], {
      axes: [1],
      keepdims: 0,
    });
    return dense(b, b.op('Where', [b.op('Greater', [r, b.constant(0)]), r, b.op('Neg', [r])]), 8);
  });
  const old = onnxOf((b, x) => {
    const u = b.op('Unsqueeze', [b.op('Clip', [x], { min: float(0), max: float(1) })], { axes: [4] });
    const p = b.op('Pad', [b.op('Squeeze', [u], { axes: [4] })], {
      pads: [0, 0, 1, 1, 0, 0, 1, 1],
    });
    return dense(
      b,
      b.op(
        'ReduceSum',
        [
          b.op('Flatten', [
            b.op('Upsample', [
              p,
              b.initializer('z', {
                type: 'float32',
                dims: [4],
                data: Float32Array.of(1, 1, 2, 2),
              }),
            ]),
          ]),
        ],
        { axes: [1], keepdims: 1 },
      ),
      1,
    );
  }, 9);
  return [convolution, shapes, attention, old, functions()];
}

/** Functions, inner graphs, weights outside the file. */
function functions() {
  const info = (name, dims) => ({
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: 1,
          shape: {
            dim: dims.map((d) => ({ value: { case: 'dimValue', value: d } })),
          },
        },
      },
    },
  });
  const branch = (op) => ({
    name: 'b',
    output: [info('r', [2n, 3n])],
    node: [{ opType: op, input: ['a'], output: ['r'] }],
  });
  const own = [
    { domain: '', version: 18n },
    { domain: 'own', version: 1n },
  ];
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: own,
      graph: {
        name: 'g',
        input: [info('x', [2n, 3n])],
        output: [info('y', [2n, 3n])],
        node: [
          {
            opType: 'F',
            domain: 'own',
            input: ['m', 't'],
            output: ['y'],
            attribute: [{ name: 's', type: 1, f: 0.5 }],
          },
          { opType: 'MatMul', input: ['x', 'e'], output: ['m'] },
        ],
        initializer: [
          { name: 't', dims: [], dataType: 9, int32Data: [1] },
          {
            name: 'e',
            dims: [3n, 3n],
            dataType: 1,
            dataLocation: 1,
            externalData: [
              { key: 'location', value: 'w.data' },
              { key: 'offset', value: '4' },
              { key: 'length', value: '36' },
            ],
          },
        ],
      },
      functions: [
        {
          name: 'F',
          domain: 'own',
          input: ['a', 'c'],
          output: ['o'],
          attribute: ['s'],
          opsetImport: own,
          node: [
            {
              opType: 'If',
              input: ['c'],
              output: ['q'],
              attribute: [
                { name: 'then_branch', type: 5, g: branch('Relu') },
                { name: 'else_branch', type: 5, g: branch('Neg') },
              ],
            },
            {
              opType: 'G',
              domain: 'own',
              input: ['q'],
              output: ['o'],
              attribute: [{ name: 'k', refAttrName: 's', type: 1 }],
            },
          ],
        },
        {
          name: 'G',
          domain: 'own',
          input: ['a'],
          output: ['o'],
          attribute: ['k'],
          opsetImport: own,
          node: [
            {
              opType: 'Elu',
              input: ['a'],
              output: ['o'],
              attribute: [{ name: 'alpha', refAttrName: 'k', type: 1 }],
            },
          ],
        },
      ],
    }),
  );
}

export function npyOf(descr, dims, bytes) {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims.join(', ')}${dims.length === 1 ? ',' : ''}), }`;
  const header = `${text.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY\x01\x00'),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
    bytes,
  ]);
}

const PIXELS = Buffer.from(Array.from({ length: 3 * 64 }, (_, i) => (i * 37) % 256));
export const npyBase = () => npyOf('|u1', [3, 8, 8], PIXELS);
export const npyLabels = () => npyOf('<i8', [3], Buffer.from(BigInt64Array.of(0n, 1n, 2n).buffer));
export const npzBases = () =>
  [0, 6].map((level) => Buffer.from(zipSync({ 'x_test.npy': npyBase(), 'y_test.npy': npyLabels() }, { level })));

export const idxImages = () => Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0, 8]), PIXELS]);
export const idxLabels = () => Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]);
export const cifarBase = () =>
  Buffer.concat([0, 1].map((label) => Buffer.from([label, ...Array.from({ length: 3072 }, (_, i) => (i * 7) % 256)])));

export async function cifarArchive() {
  const archive = pack();
  for (const [name, content] of [
    ['test_batch.bin', cifarBase()],
    ['batches.meta.txt', strToU8('a\nb\n')],
  ])
    archive.entry({ name: `cifar-10-batches-bin/${name}` }, Buffer.from(content));
  archive.finalize();
  const pieces = [];
  for await (const piece of archive) pieces.push(piece);
  return Buffer.from(gzipSync(Buffer.concat(pieces)));
}

export async function pictures() {
  const image = () =>
    sharp(Buffer.from(Array.from({ length: 192 }, (_, i) => (i * 37) % 256)), {
      raw: { width: 8, height: 8, channels: 3 },
    });
  return Promise.all([
    image().png().toBuffer(),
    image().jpeg().toBuffer(),
    image().webp().toBuffer(),
    image().webp({ lossless: true }).toBuffer(),
  ]);
}

export const json = (value) => Buffer.from(JSON.stringify(value));
export const sidecar = () =>
  json({
    layout: 'nchw',
    scale: '0,1',
    mean: [0.5],
    std: [0.25],
    resize: 8,
    crop: 8,
    'class-names': ['a', 'b', 'c'],
  });
export const options = () =>
  json({
    model: 'm.onnx',
    data: 'glyphs',
    attacks: 'natural,grid',
    rotation: 30,
    translation: '3px',
    limit: 5,
    mean: [0.5],
    seed: 3,
    'fail-under': 'grid=60',
  });
export const runConfig = () =>
  json({
    versions: { gimbal: '0.1.0' },
    command: 'gimbal evaluate m.onnx',
    model: { name: 'm.onnx', sha256: 'ab' },
    data: { name: 'd', fingerprint: 'cd', length: 3 },
    options: { attacks: ['natural', 'grid'], rotation: 30 },
  });
export const result = () => {
  const summary = (correct) => ({
    correct,
    n: 3,
    accuracy: correct / 3,
    interval: wilsonInterval(correct, 3),
  });
  return json({
    gimbal: '0.1.0',
    model: { name: 'm.onnx', sha256: 'ab' },
    data: { name: 'd', fingerprint: 'cd' },
    n: 3,
    skipped: 0,
    attacks: { natural: summary(1), grid: summary(0) },
    evaluations: {
      made: 2328,
      exhaustive: 2328,
      byAttack: { natural: 3, grid: 2325 },
    },
    warnings: [],
    seconds: 1.5,
  });
};
export const records = () => {
  const attack = (robust, tried) => ({
    robust,
    worst: [1, 0, 10],
    loss: 0.5,
    predicted: 1,
    tried,
    exhaustive: tried,
  });
  const lines = [0, 1, 2].map((index) =>
    JSON.stringify({
      index,
      label: index,
      prediction: 1,
      attacks: { natural: attack(index === 1, 1), grid: attack(false, 775) },
    }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
};
export const checkpoint = async () =>
  Buffer.from(
    await encodeCheckpoint({
      identity: { recipe: 'r' },
      step: 3,
      lossSum: 0.5,
      metrics: [],
      vectors: new Map([['parameters', Float32Array.of(1, 2, 3)]]),
    }),
  );

/** Tables as pyarrow wrote them, and one with strings and several row groups. */
export function parquetTables(png) {
  const columnData = [
    { name: 'image', data: [png, png, png], type: 'BYTE_ARRAY' },
    { name: 'label', data: ['cat', 'dog', 'cat'], type: 'STRING' },
  ];
  const { parquetSnappy, parquetZstd } = LIBRARY_FILES;
  return [
    ...[parquetSnappy, parquetZstd].map((text) => Buffer.from(text, 'base64')),
    Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2 })),
  ];
}

export async function tarShard(png) {
  const archive = pack();
  for (const [name, content] of Object.entries({ 'a.png': png, 'a.cls': '0', 'b.png': png, 'b.json': '{"label": 1}' }))
    archive.entry({ name }, content);
  archive.finalize();
  const parts = [];
  for await (const part of archive) parts.push(part);
  return Buffer.concat(parts);
}

export function pythonBatches() {
  const { pickle2, pickle3, pickle4, pickle5 } = LIBRARY_FILES;
  return [pickle2, pickle3, pickle4, pickle5].map((text) => Buffer.from(unzlibSync(Buffer.from(text, 'base64'))));
}

export function coco() {
  return json({
    images: [
      { id: 1, file_name: 'i.png' },
      { id: 2, file_name: './i.png' },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 5 },
      { id: 2, image_id: 2, category_id: 7 },
    ],
    categories: [
      { id: 5, name: 'cat' },
      { id: 7, name: 'dog' },
    ],
  });
}
