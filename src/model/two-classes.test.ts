import { expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Dimension } from '../onnx/graph.ts';
import { writeModel } from '../onnx/write.ts';
import { linearWeight } from '../testing/classifier.ts';
import { modelOf } from '../testing/onnx.ts';
import { createWarp } from '../transform/warp.ts';
import { createEngine, createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import { prepareModel } from './prepare.ts';

const PIXELS = 16;
const images = [0, 1, 2].map((phase) =>
  Float32Array.from({ length: PIXELS }, (_, i) => ((37 * i + 59 * phase) % 256) / 255),
);
const trials = images.map((_, image) => ({ image, transformations: [] }));
const labels = [0, 1, 1];

/** Σ w·x: negative for some images. */
const logits = images.map((pixels) => pixels.reduce((sum, v, i) => sum + v * linearWeight(i, 0), 0));

type Ending = (b: GraphBuilder, z: string) => string;

function scored(ending: Ending, shape: readonly Dimension[], opset: number): Uint8Array {
  const b = new GraphBuilder('binary');
  const x = b.input('x', 'float32', ['N', 1, 4, 4]);
  const weights = Float32Array.from({ length: PIXELS }, (_, i) => linearWeight(i, 0));
  const flat = b.op('Flatten', [x], { axis: 1 });
  const z = b.op('MatMul', [flat, b.initializer('w', { type: 'float32', dims: [PIXELS, 1], data: weights })]);
  b.outputAs('y', ending(b, z), 'float32', shape);
  return writeModel(modelOf(b.build(), opset));
}

const flat: Ending = (b, z) => b.op('Reshape', [z, b.ints([-1])]);
const sigmoid: Ending = (b, z) => b.op('Sigmoid', [z]);
const byHand: Ending = (b, z) =>
  b.op('Div', [b.constant(1), b.op('Add', [b.op('Exp', [b.op('Neg', [z])]), b.constant(1)])]);

test.each<[string, Ending, readonly Dimension[], number, string]>([
  ['a logit [N, 1]', (b, z) => b.op('Identity', [z]), ['N', 1], 17, 'logit'],
  ['a logit [N]', flat, ['N'], 17, 'logit'],
  ['a logit of an old opset', flat, ['N'], 9, 'logit'],
  ['a sigmoid [N, 1]', sigmoid, ['N', 1], 17, 'logit'],
  ['a sigmoid [N]', (b, z) => flat(b, sigmoid(b, z)), ['N'], 17, 'logit'],
  ['a sigmoid written by hand', byHand, ['N', 1], 17, 'probability'],
])('%s is a classifier of two classes, with its gradient', async (_, ending, shape, opset, taken) => {
  const { bytes, model, description, preprocessing, warnings } = await prepareModel(
    nodeRuntime,
    scored(ending, shape, opset),
  );
  expect(warnings).toEqual([
    `The model gives one score for each image: it is taken for the ${taken} of label 1, the positive one, ` +
      'against label 0.',
  ]);
  const parts = { description, preprocessing, warp: createWarp(description.input.shape), batch: 2 };
  const session = await nodeRuntime.createSession(bytes);
  const given = await createEngine({ ...parts, session }).logits({ images, trials });
  logits.forEach((z, i) => expect(given[2 * i + 1] - given[2 * i]).toBeCloseTo(z, 4));
  const differentiated = gradientModel(model, description);
  const gradientSession = await nodeRuntime.createSession(differentiated.bytes);
  const engine = createGradientEngine({ ...parts, session: gradientSession, model: differentiated });
  const { pixels } = await engine.gradients({ images, trials }, labels, 'pixels');
  // ∂/∂x of −ln σ(±z) = (σ(z) − label) · w.
  pixels!.forEach((g, i) =>
    g.forEach((v, k) => expect(v).toBeCloseTo((1 / (1 + Math.exp(-logits[i])) - labels[i]) * linearWeight(k, 0), 4)),
  );
  await Promise.all([session.release(), gradientSession.release()]);
});

test('a softmax over one score is always 1', async () => {
  await expect(
    prepareModel(
      nodeRuntime,
      scored((b, z) => b.op('Softmax', [z], { axis: 1 }), ['N', 1], 17),
    ),
  ).rejects.toMatchObject({ kind: 'misuse' });
});

test.each([
  ['ArgMax', 0, ['N']],
  ['ArgMax', 1, ['N', 1]],
] as const)('behind %s (keepdims %i) the scores that it chooses by are found', async (opType, keepdims, shape) => {
  const b = new GraphBuilder('choice');
  const x = b.input('x', 'float32', ['N', 1, 4, 4]);
  const weights = Float32Array.from({ length: PIXELS * 3 }, (_, i) => linearWeight(Math.floor(i / 3), i % 3));
  const z = b.op('MatMul', [
    b.op('Flatten', [x], { axis: 1 }),
    b.initializer('w', { type: 'float32', dims: [PIXELS, 3], data: weights }),
  ]);
  b.outputAs('y', b.op(opType, [z], { axis: 1, keepdims }), 'int64', shape);
  const { description, notes } = await prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)));
  expect(description.output.width).toBe(3);
  expect(notes.join()).toContain("'y' is the choice of its ArgMax");
});

test('the best few are no scores of classes: those that TopK chooses among are', async () => {
  const b = new GraphBuilder('best');
  const z = b.op('Flatten', [b.input('x', 'float32', ['N', 1, 2, 2])], { axis: 1 });
  b.node('TopK', [z, b.ints([3])], ['values', 'indices']);
  b.output('values', 'float32', ['N', 3]);
  b.output('indices', 'int64', ['N', 3]);
  const { description } = await prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)));
  expect(description.output.width).toBe(4);
});

test('a threshold leaves no scores', async () => {
  const b = new GraphBuilder('threshold');
  const z = b.op('Flatten', [b.input('x', 'float32', ['N', 1, 1, 4])], { axis: 1 });
  const decision = b.op('Greater', [
    b.op('ReduceMean', [z], { axes: { kind: 'ints', value: [1] }, keepdims: 1 }),
    b.constant(0.5),
  ]);
  b.outputAs('y', b.op('Cast', [decision], { to: 1 }), 'float32', ['N', 1]);
  await expect(
    prepareModel(nodeRuntime, writeModel(modelOf(b.build(), 17)), { size: { height: 1, width: 4 } }),
  ).rejects.toMatchObject({ issue: { code: 'no-scores', problem: expect.stringContaining('decisions') } });
});
