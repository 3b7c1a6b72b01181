import { expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { startClassifier } from '../node/runtime/start.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { writeModel } from '../onnx/write.ts';
import { linearModel } from '../testing/classifier.ts';
import { modelOf, wave } from '../testing/onnx.ts';
import { createWarp } from '../transform/warp.ts';
import type { TrialRequest } from './classifier.ts';
import { createEngine, createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import { prepareModel } from './prepare.ts';
import { tiledForm } from './tiled-form.ts';

const shape = { channels: 3, height: 8, width: 8 };

/** 1×1 to 128 channels, 3×3, average, 4 scores. */
function wideModel(declared = true): Uint8Array {
  const b = new GraphBuilder('wide');
  const size = declared ? [8, 8] : ['h', 'w'];
  const wide = b.op('Relu', [b.op('Conv', [b.input('images', 'float32', ['n', 3, ...size]), b.initializer('w', wave([128, 3, 1, 1]))])]);
  const y = b.op('Relu', [b.op('Conv', [wide, b.initializer('w', wave([128, 128, 3, 3]))], { pads: [1, 1, 1, 1] })]);
  const mean = b.op('Flatten', [b.op('GlobalAveragePool', [y])]);
  b.outputAs('scores', b.op('MatMul', [mean, b.initializer('head', { ...wave([128, 4]), data: (wave([128, 4]).data as Float32Array).map((value) => value / 100) })]), 'float32', ['n', 4]);
  return writeModel(modelOf(b.build()));
}

const request: TrialRequest = {
  images: [0, 1, 2].map((phase) => (wave([192], 7 * phase).data as Float32Array).map((value) => (value + 1) / 2)),
  trials: Array.from({ length: 9 }, (_, i) => ({ image: i % 3, transformations: [{ tx: 0.3 * i, ty: 0.5, angle: 5 * i }] })),
};

function expectClose(given: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(given).toHaveLength(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  expect(Math.max(...Array.from(expected, (value, i) => Math.abs(value - given[i])))).toBeLessThan(1e-5 * largest);
}

test('a classifier runs in its tiled form, gradients too, with the same results up to rounding', async () => {
  const prepared = await prepareModel(nodeRuntime, wideModel());
  const { description, preprocessing } = prepared;
  const tiled = await tiledForm(nodeRuntime, prepared, 64);
  expect(tiled.model.graph.nodes.filter(({ opType }) => opType === 'Conv')).toHaveLength(1);
  expect(tiled).toMatchObject({ description, preprocessing, notes: prepared.notes });

  const labels = request.trials.map((_, i) => i % 4);
  const parts = { description, preprocessing, warp: createWarp(shape), batch: 64 };
  const [session, differentiated] = [await nodeRuntime.createSession(prepared.bytes), gradientModel(prepared.model, description)];
  const gradientSession = await nodeRuntime.createSession(differentiated.bytes);
  const classifier = await startClassifier(prepared, { threads: 2 });
  try {
    expectClose(await classifier.logits(request), await createEngine({ ...parts, session }).logits(request));
    const engine = createGradientEngine({ ...parts, session: gradientSession, model: differentiated });
    const [given, expected] = await Promise.all([classifier, engine].map((one) => one.gradients?.(request, labels, 'transformation')));
    expectClose(given!.transformation!, expected!.transformation!);
  } finally {
    await Promise.all([classifier.close(), session.release(), gradientSession.release()]);
  }
});

test('a size that the user alone says is enough', async () => {
  const prepared = await prepareModel(nodeRuntime, wideModel(false), { size: shape });
  expect(await tiledForm(nodeRuntime, prepared, 64)).not.toBe(prepared);
});

test('a model that gains nothing stays as it is', async () => {
  const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes: 4 }));
  expect(await tiledForm(nodeRuntime, prepared, 64)).toBe(prepared);
});
