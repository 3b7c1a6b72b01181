import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { writeModel } from '../onnx/write.ts';
import { linearGraph, linearModel, linearScores, linearWeight, type LinearModel } from '../testing/classifier.ts';
import { modelOf } from '../testing/onnx.ts';
import { createWarp } from '../transform/warp.ts';
import { createEngine, createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import { prepareModel } from './prepare.ts';
import type { ModelHints } from './sidecar.ts';
import { plainSoftmax } from '../testing/softmax.ts';

const shape = { channels: 3, height: 4, width: 4 };
const classes = 5;

/** Pixels are k/255, which bytes hold exactly. */
function image(phase: number, length = 48): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((37 * i + 59 * phase) % 256) / 255);
}

const images = [image(0), image(1), image(2)];

/** Class probabilities of untransformed images by the pipeline. */
async function classify(
  bytes: Uint8Array,
  hints: ModelHints,
  raw: readonly Float32Array[],
  batch = 2,
): Promise<number[][]> {
  const prepared = await prepareModel(nodeRuntime, bytes, hints);
  const { description, preprocessing } = prepared;
  const session = await nodeRuntime.createSession(prepared.bytes);
  const engine = createEngine({
    session,
    description,
    preprocessing,
    warp: createWarp(description.input.shape),
    batch,
  });
  const logits = await engine.logits({ images: raw, trials: raw.map((_, i) => ({ image: i, transformations: [] })) });
  await session.release();
  const width = logits.length / raw.length;
  return raw.map((_, i) => plainSoftmax([...logits.subarray(i * width, (i + 1) * width)]));
}

function expectClose(given: readonly number[][], expected: readonly number[][], digits: number): void {
  expect(given).toHaveLength(expected.length);
  given.forEach((row, i) => row.forEach((p, k) => expect(p).toBeCloseTo(expected[i][k], digits)));
}

describe('the same scores come out, however the model was exported', () => {
  const expected = images.map((pixels) => plainSoftmax(linearScores(pixels, classes)));

  test.each<[string, Partial<LinearModel>, ModelHints]>([
    ['channel by channel', {}, {}],
    ['pixel by pixel', { input: 'nhwc' }, {}],
    ['flat, channel by channel', { input: 'flat-chw' }, { layout: 'flat' }],
    ['flat, pixel by pixel', { input: 'flat-hwc' }, { layout: 'nhwc' }],
    ['sides left open', { declared: false }, { layout: 'nchw', size: { channels: 3, height: 4, width: 4 } }],
    [
      'flat and open',
      { input: 'flat-chw', declared: false },
      { layout: 'nchw', size: { channels: 3, height: 4, width: 4 } },
    ],
    ['one image at a time', { batch: 1 }, {}],
    ['four images at a time', { batch: 4 }, {}],
    ['probabilities', { ending: 'Softmax' }, {}],
    ['probabilities, one image at a time', { ending: 'Softmax', batch: 1 }, {}],
    ['probabilities without a Softmax', { ending: 'hand-made softmax' }, {}],
    ['log-probabilities', { ending: 'LogSoftmax' }, {}],
    ['sigmoids', { ending: 'Sigmoid' }, {}],
  ])('%s', async (_, options, hints) => {
    expectClose(await classify(linearModel({ shape, classes, ...options }), hints, images), expected, 5);
  });

  test('float16 input and scores', async () => {
    expectClose(
      await classify(linearModel({ shape, classes, type: 'float16', scores: 'float16' }), {}, images),
      expected,
      2,
    );
  });

  test.each(['float64', 'int32', 'int64'] as const)('%s input, whole numbers being bytes', async (type) => {
    const graph = linearGraph({ shape, classes });
    const [input] = graph.inputs;
    const cast = { name: '', domain: '', opType: 'Cast', inputs: ['given'], outputs: [input.name] };
    const node = { ...cast, attributes: new Map([['to', { kind: 'int', value: 1 } as const]]) };
    const whole = { ...graph, inputs: [{ ...input, name: 'given', type }], nodes: [node, ...graph.nodes] };
    const scale = type === 'float64' ? 1 : 255;
    expectClose(
      await classify(writeModel(modelOf(whole, 17)), {}, images),
      images.map((pixels) =>
        plainSoftmax(
          linearScores(
            pixels.map((v) => scale * v),
            classes,
          ),
        ),
      ),
      4,
    );
  });

  test.each([
    ['[N, 48, 1]', [48, 1], false],
    ['[1, N, classes] of [N, 1, 48]', [1, 48], true],
  ] as const)('flattened in another form: %s', async (_, dims, leading) => {
    const graph = linearGraph({ shape, classes, input: 'flat-chw' });
    const b = GraphBuilder.from({ ...graph, outputs: [], inputs: [{ ...graph.inputs[0], shape: ['N', ...dims] }] });
    const scores = leading ? b.op('Reshape', ['scores', b.ints([1, -1, classes])]) : 'scores';
    b.outputAs('given', scores, 'float32', leading ? [1, 'N', classes] : ['N', classes]);
    expectClose(await classify(writeModel(modelOf(b.build(), 17)), { layout: 'flat' }, images), expected, 5);
  });

  test('one image without a batch, scores without one too', async () => {
    const graph = linearGraph({ shape, classes, batch: 1 });
    const b = GraphBuilder.from({ ...graph, outputs: [], inputs: [{ ...graph.inputs[0], shape: [3, 4, 4] }] });
    b.outputAs('given', b.op('Squeeze', ['scores', b.ints([0])]), 'float32', [classes]);
    expectClose(await classify(writeModel(modelOf(b.build(), 17)), {}, images), expected, 5);
  });

  test('grey images without a channel dimension', async () => {
    const grey = [image(0, 16), image(1, 16)];
    expectClose(
      await classify(linearModel({ shape: { channels: 1, height: 4, width: 4 }, classes, input: 'nhw' }), {}, grey),
      grey.map((pixels) => plainSoftmax(linearScores(pixels, classes))),
      5,
    );
  });

  test('bytes', async () => {
    const bytes = images.map((pixels) =>
      plainSoftmax(
        linearScores(
          pixels.map((v) => Math.round(255 * v) / 64),
          classes,
        ),
      ),
    );
    const b = GraphBuilder.from(linearGraph({ shape, classes }));
    const inner = b.build();
    const outer = new GraphBuilder('bytes');
    outer.input('bytes', 'uint8', ['N', 3, 4, 4]);
    outer.node('Cast', ['bytes'], ['floats'], { to: 1 });
    outer.node('Div', ['floats', outer.constant(64)], ['images']);
    const graph = {
      ...inner,
      inputs: outer.build().inputs,
      nodes: [...outer.build().nodes, ...inner.nodes],
      initializers: new Map([...inner.initializers, ...outer.build().initializers]),
    };
    expectClose(await classify(writeModel(modelOf(graph, 17)), {}, images), bytes, 5);
  });

  test('a class more than labels: the first one is taken off', async () => {
    const offset = images.map((pixels) => plainSoftmax(linearScores(pixels, classes).slice(1)));
    for (const ending of ['logits', 'Softmax', 'hand-made softmax'] as const) {
      expectClose(await classify(linearModel({ shape, classes, ending }), { labelOffset: 1 }, images), offset, 5);
    }
  });

  test('any size of batch, padded where the model fixes it', async () => {
    for (const options of [{}, { batch: 2 }]) {
      for (const batch of [1, 3, 50])
        expectClose(await classify(linearModel({ shape, classes, ...options }), {}, images, batch), expected, 5);
    }
  });
});

describe('what is found out by running', () => {
  test('a batch that is fixed behind a free declaration', async () => {
    const graph = linearGraph({ shape, classes, batch: 1 });
    const lying = {
      ...graph,
      inputs: [{ ...graph.inputs[0], shape: ['N', 3, 4, 4] }],
      outputs: [{ ...graph.outputs[0], shape: undefined }],
      valueInfo: new Map(),
    };
    const prepared = await prepareModel(nodeRuntime, writeModel(modelOf(lying, 17)));
    expect(prepared.description.input.batch).toBe(1);
    expect(prepared.description.output.width).toBe(classes);
    expect(prepared.notes).toEqual(['The model declares a free batch but runs one image at a time only.']);
  });

  test('a fixed batch is freed where the model allows it', async () => {
    const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes, batch: 1 }));
    expect(prepared.description.input.batch).toBe('free');
    expect(prepared.notes).toEqual([
      'The model fixes its batch at 1; it is run with a free one, which gives the same scores.',
    ]);
  });

  test('a final activation is left out', async () => {
    const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes, ending: 'Softmax' }));
    expect(prepared.description.output.kind).toBe('logits');
    expect(prepared.notes).toEqual(["The model's final activation is left out: its logits are used."]);
  });

  test('probabilities that no operator declares', async () => {
    const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes, ending: 'hand-made softmax' }));
    expect(prepared.description.output.kind).toBe('probabilities');
    expect(prepared.notes).toEqual(["The model's scores are probabilities, although no Softmax says so."]);
  });

  test('metadata, overridden by what the user says', async () => {
    const model = modelOf(linearGraph({ shape, classes }), 17);
    const metadata = new Map([
      ['Image.NominalPixelRange', 'NominalRange_0_255'],
      ['Image.BitmapPixelFormat', 'Bgr8'],
      ['gimbal', '{"mean": 3}'],
    ]);
    const prepared = await prepareModel(nodeRuntime, writeModel({ ...model, metadata }), {
      mean: [4],
      scale: undefined,
    });
    expect(prepared.preprocessing).toMatchObject({ scale: '0,255', bgr: true, mean: [4], std: [1] });
  });

  test('an operator that ONNX Runtime does not know', async () => {
    const b = new GraphBuilder('unknown');
    b.outputAs('y', b.op('NoSuchOperator', [b.input('x', 'float32', ['N', 3, 4, 4])]), 'float32', ['N', 10]);
    await expect(prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)))).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'model-not-loadable' },
    });
  });

  test('a size that the model cannot run on', async () => {
    const bytes = linearModel({ shape, classes, declared: false });
    await expect(
      prepareModel(nodeRuntime, bytes, { layout: 'nchw', size: { channels: 3, height: 5, width: 5 } }),
    ).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'model-not-runnable' } });
  });

  test('more classes than an argument list holds', async () => {
    const many = 130_000;
    const b = new GraphBuilder('many');
    const flat = b.op('Flatten', [b.input('x', 'float32', ['N', 1, 1, 2])], { axis: 1 });
    const weights = Float32Array.from({ length: 2 * many }, (_, i) => (i % 97) / 97);
    const w = b.initializer('w', { type: 'float32', dims: [2, many], data: weights });
    b.outputAs('y', b.op('MatMul', [flat, w]), 'float32', ['N', many]);
    const size = { channels: 1, height: 1, width: 2 };
    const prepared = await prepareModel(
      nodeRuntime,
      writeModel(modelOf(b.build(), 17)),
      { size, layout: 'nchw' },
      { batch: 4 },
    );
    expect(prepared.description).toMatchObject({ input: { batch: 'free' }, output: { width: many } });
  });

  test('a fault of ours is not taken for a property of the model', async () => {
    const broken: typeof nodeRuntime = {
      ...nodeRuntime,
      createSession: async (model, options) => ({
        ...(await nodeRuntime.createSession(model, options)),
        run: () => Promise.reject(new RangeError('ours')),
      }),
    };
    await expect(prepareModel(broken, linearModel({ shape, classes }))).rejects.toThrow(RangeError);
  });

  test('an output that turns out to be no row of scores for each image', async () => {
    const b = new GraphBuilder('maps');
    b.outputAs('y', b.op('Relu', [b.input('x', 'float32', ['N', 3, 4, 4])]), 'float32');
    await expect(prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)))).rejects.toMatchObject({
      kind: 'misuse',
      issue: {
        code: 'not-a-classifier',
        problem: 'has the shape [3, 3, 4, 4] for 3 images; a classifier gives [3, classes].',
      },
    });
  });
});

test('runs few different numbers of images together where it is asked to, with the same scores', async () => {
  const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes }));
  const { description, preprocessing } = prepared;
  const session = await nodeRuntime.createSession(prepared.bytes);
  const sizes = new Set<number>();
  const watched: typeof session = {
    ...session,
    run: (feeds, fetches) => {
      sizes.add(feeds[description.input.name].dims[0]);
      return session.run(feeds, fetches);
    },
  };
  const parts = { description, preprocessing, warp: createWarp(shape), batch: 16 };
  const many = Array.from({ length: 37 }, (_, i) => image(i));
  for (let count = 1; count <= many.length; count++) {
    const request = {
      images: many,
      trials: Array.from({ length: count }, (_, i) => ({ image: i, transformations: [] })),
    };
    const expected = await createEngine({ ...parts, session }).logits(request);
    const found = await createEngine({ ...parts, session: watched, fewSizes: true }).logits(request);
    expectClose([[...found]], [[...expected]], 5);
  }
  expect([...sizes].toSorted((a, b) => a - b)).toEqual([2, 4, 8, 16]);
});

describe('gradients', () => {
  const trials = [
    { image: 0, transformations: [{ tx: 0.3, ty: -0.4, angle: 12 }] },
    {
      image: 1,
      transformations: [
        { tx: 0, ty: 0.2, angle: 5 },
        { tx: -0.6, ty: 0.1, angle: -20.5 },
      ],
    },
    {
      image: 2,
      perturbation: Float32Array.from({ length: 48 }, (_, i) => 0.01 * Math.sin(i)),
      transformations: [{ tx: 1.3, ty: 0.7, angle: 40 }],
    },
  ];
  const labels = [0, 3, 2];

  async function open(options: Partial<LinearModel>, hints: ModelHints) {
    const { model, bytes, description, preprocessing } = await prepareModel(
      nodeRuntime,
      linearModel({ shape, classes, ...options }),
      hints,
    );
    const differentiated = gradientModel(model, description);
    const warp = createWarp(shape);
    const [forward, backward] = await Promise.all([
      nodeRuntime.createSession(bytes),
      nodeRuntime.createSession(differentiated.bytes),
    ]);
    const parts = { description, preprocessing, warp, batch: 2 };
    return {
      engine: createEngine({ ...parts, session: forward }),
      gradients: createGradientEngine({ ...parts, session: backward, model: differentiated }),
    };
  }

  function loss(logits: Float32Array, label: number): number {
    return -Math.log(plainSoftmax([...logits])[label]);
  }

  test.each<[string, Partial<LinearModel>, ModelHints]>([
    ['logits', {}, {}],
    ['pixel by pixel', { input: 'nhwc' }, {}],
    ['flat', { input: 'flat-hwc' }, { layout: 'nhwc' }],
    ['probabilities', { ending: 'Softmax' }, {}],
    ['probabilities without a Softmax', { ending: 'hand-made softmax' }, {}],
    ['log-probabilities', { ending: 'LogSoftmax' }, {}],
    ['one image at a time', { batch: 1 }, {}],
    ['a class more than labels', { classes: 6 }, { labelOffset: 1 }],
    ['mean and deviation', {}, { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] }],
    ['standardisation of each image', {}, { perImageStandardization: true }],
    ['blue first', {}, { bgr: true, scale: '-1,1' }],
  ])('by transformation and by pixels agree with central differences: %s', async (_, options, hints) => {
    const { engine, gradients } = await open(options, hints);
    const byTransformation = await gradients.gradients({ images, trials }, labels, 'transformation');
    const logits = await engine.logits({ images, trials });
    logits.forEach((v, i) => expect(byTransformation.logits[i]).toBeCloseTo(v, 4));

    const step = 2e-3;
    const losses = async (moved: typeof trials) => {
      const l = await engine.logits({ images, trials: moved });
      return trials.map((__, i) => loss(l.subarray(i * classes, (i + 1) * classes), labels[i]));
    };
    for (const [p, key] of (['tx', 'ty', 'angle'] as const).entries()) {
      const moved = (by: number) =>
        trials.map((trial) => ({
          ...trial,
          transformations: trial.transformations.map((t, i, all) =>
            i === all.length - 1 ? { ...t, [key]: t[key] + by } : t,
          ),
        }));
      const [up, down] = [await losses(moved(step)), await losses(moved(-step))];
      trials.forEach((__, i) =>
        expect(byTransformation.transformation![3 * i + p]).toBeCloseTo((up[i] - down[i]) / (2 * step), 2),
      );
    }

    const direction = Float32Array.from({ length: 48 }, (__, i) => Math.cos(3 * i));
    const nudged = (by: number) =>
      trials.map((trial) => ({
        ...trial,
        perturbation: direction.map((d, i) => (trial.perturbation?.[i] ?? 0) + by * d),
      }));
    // Away from 0 and 1, where the sum with a perturbation is clipped.
    const inside = images.map((pixels) => pixels.map((v) => 0.1 + 0.8 * v));
    const at = async (by: number) => {
      const l = await engine.logits({ images: inside, trials: nudged(by) });
      return trials.map((__, i) => loss(l.subarray(i * classes, (i + 1) * classes), labels[i]));
    };
    const [up, down] = [await at(step), await at(-step)];
    const exact = await gradients.gradients({ images: inside, trials }, labels, 'pixels');
    expect(exact.pixels).toHaveLength(3);
    exact.pixels!.forEach((g, i) =>
      expect(g.reduce((sum, v, k) => sum + v * direction[k], 0)).toBeCloseTo((up[i] - down[i]) / (2 * step), 2),
    );
  });

  test('float16: as in float32, up to the rounding of the images', async () => {
    const [half, single] = await Promise.all([open({ type: 'float16', scores: 'float16' }, {}), open({}, {})]);
    const request = { images, trials };
    const [given, expected] = await Promise.all(
      [half, single].map(({ gradients }) => gradients.gradients(request, labels, 'transformation')),
    );
    given.transformation!.forEach((v, i) => expect(v).toBeCloseTo(expected.transformation![i], 2));
    (await half.engine.logits(request)).forEach((v, i) => expect(given.logits[i]).toBeCloseTo(v, 1));
  });

  test('bytes: the images are rounded as the model takes them, the gradient passes', async () => {
    const { engine, gradients } = await open({ type: 'uint8' }, {});
    const given = await gradients.gradients({ images, trials }, labels, 'pixels');
    expect(given.logits).toEqual(await engine.logits({ images, trials }));
    expect(given.pixels!.every((g) => g.some((v) => v !== 0))).toBe(true);
  });

  test('bytes that are moved before they are converted', async () => {
    const b = new GraphBuilder('moved');
    const planes = b.op('Transpose', [b.input('x', 'uint8', ['N', 4, 4, 3])], { perm: [0, 3, 1, 2] });
    const flat = b.op('Cast', [b.op('Reshape', [planes, b.ints([-1, 48])])], { to: 1 });
    const weights = Float32Array.from({ length: 48 * 2 }, (_, i) => linearWeight(Math.floor(i / 2), i % 2));
    b.outputAs(
      'y',
      b.op('MatMul', [flat, b.initializer('w', { type: 'float32', dims: [48, 2], data: weights })]),
      'float32',
      ['N', 2],
    );
    const prepared = await prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)));
    const model = gradientModel(prepared.model, prepared.description);
    const session = await nodeRuntime.createSession(model.bytes);
    const engine = createGradientEngine({ ...prepared, session, model, warp: createWarp(shape), batch: 2 });
    const black = new Float32Array(48);
    const request = { images: [black], trials: [{ image: 0, transformations: [] }] };
    const { pixels } = await engine.gradients(request, [0], 'pixels');
    await session.release();
    // Both classes tie on black: ∂/∂x = 255 · ½ · (w₁ − w₀).
    pixels![0].forEach((v, i) => expect(v).toBeCloseTo(127.5 * (linearWeight(i, 1) - linearWeight(i, 0)), 2));
  });

  test('operators without a derivative are listed', async () => {
    const b = new GraphBuilder('determinants');
    const x = b.input('x', 'float32', ['N', 3, 4, 4]);
    b.outputAs('y', b.op('Det', [x]), 'float32', ['N', 3]);
    const prepared = await prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)));
    expect(() => gradientModel(prepared.model, prepared.description)).toThrow(
      expect.objectContaining({
        kind: 'misuse',
        issue: expect.objectContaining({
          code: 'not-differentiable',
          problem: expect.stringContaining('Det'),
          advice: expect.stringContaining("gradient: 'finite-difference'"),
        }),
      }),
    );
  });
});
