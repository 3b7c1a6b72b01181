import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Dimension } from '../onnx/graph.ts';
import { writeModel } from '../onnx/write.ts';
import { linearWeight } from '../testing/classifier.ts';
import { modelOf } from '../testing/onnx.ts';
import { createWarp } from '../transform/warp.ts';
import { createEngine } from './engine.ts';
import { prepareModel } from './prepare.ts';

const CLASSES = 4;
const PIXELS = 48;

type Ending = (b: GraphBuilder, scores: string, images: string) => string;

/** A linear classifier of 3×4×4 images whose scores go through an ending that may look at the whole batch. */
function modelWith(
  ending: Ending,
  { batch = 'N', scores = [batch, CLASSES] }: { batch?: Dimension; scores?: readonly Dimension[] } = {},
): Uint8Array {
  const b = new GraphBuilder('company');
  const images = b.input('images', 'float32', [batch, 3, 4, 4]);
  const weights = Float32Array.from({ length: PIXELS * CLASSES }, (_, i) =>
    linearWeight(Math.floor(i / CLASSES), i % CLASSES),
  );
  const flat = b.op('Flatten', [images], { axis: 1 });
  const z = b.op('MatMul', [flat, b.initializer('w', { type: 'float32', dims: [PIXELS, CLASSES], data: weights })]);
  b.outputAs('y', ending(b, z, images), 'float32', scores);
  return writeModel(modelOf(b.build(), 18));
}

const dynamicallyQuantised: Ending = (b, z) => {
  const [q, scale, zero] = ['q', 'scale', 'zero'];
  b.node('DynamicQuantizeLinear', [z], [q, scale, zero]);
  return b.op('DequantizeLinear', [q, scale, zero]);
};

const meanOf = (b: GraphBuilder, value: string, axes: readonly number[]): string =>
  b.op('ReduceMean', [value, b.ints(axes)], { keepdims: 1 });

/** What an image may be given by the others: endings, and what is to be said of them. */
const DEPENDENT: Readonly<Record<string, Ending>> = {
  'dynamic quantisation': dynamicallyQuantised,
  'a norm over the batch': (b, z) => b.op('Sub', [z, b.op('Mul', [meanOf(b, z, [0]), b.constant(0.5)])]),
  'a ten-thousandth of the mean of the batch': (b, z) =>
    b.op('Add', [z, b.op('Mul', [meanOf(b, z, [0]), b.constant(1e-4)])]),
  'the brightest pixel of the batch, if it is nearly white': (b, z, images) => {
    const excess = b.op('Relu', [b.op('Sub', [images, b.constant(0.98)])]);
    return b.op('Mul', [
      z,
      b.op('Add', [b.op('ReduceMax', [excess, b.ints([0, 1, 2, 3])], { keepdims: 0 }), b.constant(1)]),
    ]);
  },
  'bright images alone look at the others': (b, z, images) => {
    const brightness = meanOf(b, images, [1, 2, 3]);
    const isBright = b.op('Reshape', [b.op('Relu', [b.op('Sub', [brightness, b.constant(0.7)])]), b.ints([-1, 1])]);
    return b.op('Add', [z, b.op('Mul', [isBright, meanOf(b, z, [0])])]);
  },
  'the images before it': (b, z) => b.op('CumSum', [z, b.initializer('axis', scalar(0n))]),
  'the number of images': (b, z, images) =>
    b.op('Mul', [z, b.op('Cast', [b.op('Shape', [images], { start: 0, end: 1 })], { to: 1 })]),
};

function scalar(value: bigint) {
  return { type: 'int64', dims: [], data: BigInt64Array.of(value) } as const;
}

async function logitsInBatchesOf(batch: number, bytes: Uint8Array): Promise<Float32Array> {
  const { description, preprocessing, bytes: file } = await prepareModel(nodeRuntime, bytes, {}, { batch });
  const session = await nodeRuntime.createSession(file);
  const engine = createEngine({
    session,
    description,
    preprocessing,
    warp: createWarp(description.input.shape),
    batch,
  });
  const images = [0.1, 0.5, 0.75, 1].map((scale, phase) =>
    Float32Array.from({ length: PIXELS }, (_, i) => (scale * ((37 * i + 59 * phase) % 256)) / 255),
  );
  const logits = await engine.logits({ images, trials: images.map((_, image) => ({ image, transformations: [] })) });
  await session.release();
  return logits;
}

describe('answers that depend on the batch: images are run one at a time, which is told', () => {
  test.each(Object.entries(DEPENDENT))('%s', async (_, ending) => {
    const bytes = modelWith(ending);
    const prepared = await prepareModel(nodeRuntime, bytes);
    expect(prepared.description.input.batch).toBe(1);
    expect(prepared.warnings.join()).toMatch(/depends on the other images of its batch .* one at a time/);
    const [one, ...others] = await Promise.all([1, 3, 4].map((batch) => logitsInBatchesOf(batch, bytes)));
    for (const logits of others) expect(logits).toEqual(one);
  });

  test('classes first: a row for each image exists only where it is alone', async () => {
    const bytes = modelWith((b, z) => b.op('Transpose', [z], { perm: [1, 0] }), { scores: [CLASSES, 'N'] });
    expect(await logitsInBatchesOf(4, bytes)).toEqual(
      await logitsInBatchesOf(
        4,
        modelWith((b, z) => b.op('Identity', [z])),
      ),
    );
  });

  test('a batch that is fixed cannot be run so', async () => {
    await expect(prepareModel(nodeRuntime, modelWith(dynamicallyQuantised, { batch: 4 }))).rejects.toMatchObject({
      kind: 'misuse',
      issue: {
        code: 'batch-dependent',
        problem: expect.stringContaining('fixes its batch at 4'),
        advice: expect.stringContaining('model.eval()'),
      },
    });
  });

  test('a softmax over the batch says nothing of an image alone', async () => {
    await expect(
      prepareModel(
        nodeRuntime,
        modelWith((b, z) => b.op('Softmax', [z], { axis: 0 })),
      ),
    ).rejects.toMatchObject({ issue: { code: 'batch-decides', advice: expect.stringContaining('dim=1') } });
  });
});

test('images that keep apart run together, whatever the batch is', async () => {
  for (const batch of ['N', 4] as const) {
    const bytes = modelWith((b, z) => b.op('LogSoftmax', [z], { axis: 1 }), { batch });
    const { description, warnings } = await prepareModel(nodeRuntime, bytes);
    expect([description.input.batch, warnings]).toEqual(['free', []]);
  }
});

describe('answers that depend on chance are refused', () => {
  const dropout =
    (training: (b: GraphBuilder) => string): Ending =>
    (b, z) => {
      const kept = 'kept';
      b.node('Dropout', [z, b.constant(0.2), training(b)], [kept], { seed: 1 });
      return kept;
    };
  const bool = (b: GraphBuilder, value: number): string =>
    b.initializer('training', { type: 'bool', dims: [], data: Uint8Array.of(value) });

  test.each<[string, Ending, RegExp]>([
    ['numbers drawn', (b, z) => b.op('Add', [z, b.op('RandomNormalLike', [z], { scale: 1e-6 })]), /RandomNormalLike/],
    ['dropout left on', dropout((b) => bool(b, 1)), /Dropout/],
    ['dropout left on by what the file does not tell', dropout((b) => b.op('Not', [bool(b, 0)])), /two runs/],
  ])('%s', async (_, ending, words) => {
    await expect(prepareModel(nodeRuntime, modelWith(ending))).rejects.toMatchObject({
      kind: 'misuse',
      issue: {
        code: 'random-model',
        problem: expect.stringMatching(words),
        advice: expect.stringContaining('model.eval()'),
      },
    });
  });

  test('dropout that is off is nothing', async () => {
    await expect(prepareModel(nodeRuntime, modelWith(dropout((b) => bool(b, 0))))).resolves.toMatchObject({
      warnings: [],
    });
  });
});

test.each([
  ['opset 14 and later say so', 14, 1, 3],
  ['before, further outputs do', 9, undefined, 5],
] as const)('a norm in training mode is refused by name: %s', async (_, opset, mode, outputs) => {
  const b = new GraphBuilder('norm');
  const x = b.input('x', 'float32', ['N', 3, 4, 4]);
  const ones = ['scale', 'shift', 'mean', 'variance'].map((name) =>
    b.initializer(name, { type: 'float32', dims: [3], data: new Float32Array(3).fill(1) }),
  );
  const names = Array.from({ length: outputs }, (_, i) => `norm_${i}`);
  b.node('BatchNormalization', [x, ...ones], names, mode === undefined ? {} : { training_mode: mode });
  b.outputAs('y', b.op('Flatten', [b.op('GlobalAveragePool', [names[0]])]), 'float32', ['N', 3]);
  await expect(prepareModel(nodeRuntime, writeModel(modelOf(b.build(), opset)))).rejects.toMatchObject({
    kind: 'misuse',
    issue: {
      code: 'training-mode',
      problem: expect.stringMatching(/BatchNormalization .* training mode/),
      advice: expect.stringContaining('model.eval()'),
    },
  });
});

test('scores that tie whatever the image: a softmax over an axis of 1', async () => {
  const ending: Ending = (b, z) => b.op('Softmax', [b.op('Reshape', [z, b.ints([-1, CLASSES, 1, 1])])], { axis: -1 });
  await expect(prepareModel(nodeRuntime, modelWith(ending, { scores: ['N', CLASSES, 1, 1] }))).rejects.toMatchObject({
    issue: { code: 'scores-all-equal' },
  });
});
