import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { startClassifier } from '../node/runtime/start.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { writeModel } from '../onnx/write.ts';
import { linearModel } from '../testing/classifier.ts';
import { modelOf, wave } from '../testing/onnx.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createWarp } from '../transform/warp.ts';
import type { TrialRequest } from './classifier.ts';
import { createEngine, createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import { prepareModel } from './prepare.ts';
import { tiledForm } from './tiled-form.ts';

const SIDE = 8;
const shape = { channels: 3, height: SIDE, width: SIDE };

/** 1×1 to 128 channels, 3×3 of them on 4×4 pixels, average, 4 scores. */
function wideModel({ declared = true, opset = 20, phase = 1 } = {}): Uint8Array {
  const b = new GraphBuilder('wide');
  const weights = (dims: readonly number[], scale: number) =>
    b.initializer('w', {
      type: 'float32',
      dims,
      data: (wave(dims, phase).data as Float32Array).map((value) => scale * value),
    });
  const images = b.input('images', 'float32', ['n', 3, ...(declared ? [SIDE, SIDE] : ['h', 'w'])]);
  const pool = (x: string) => b.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const wide = b.op('Relu', [pool(b.op('Conv', [images, weights([128, 3, 1, 1], 1)]))]);
  const y = b.op('Relu', [pool(b.op('Conv', [wide, weights([128, 128, 3, 3], 0.1)], { pads: [1, 1, 1, 1] }))]);
  b.outputAs(
    'scores',
    b.op('MatMul', [b.op('Flatten', [b.op('GlobalAveragePool', [y])]), weights([128, 4], 0.1)]),
    'float32',
    ['n', 4],
  );
  return writeModel(modelOf(b.build(), opset));
}

const count = 65;
const request: TrialRequest = {
  images: [0, 1, 2].map((phase) =>
    (wave([3 * SIDE ** 2], 7 * phase).data as Float32Array).map((value) => (value + 1) / 2),
  ),
  trials: Array.from({ length: count }, (_, i) => ({
    image: i % 3,
    transformations: [{ tx: 0.05 * i, ty: 0.5, angle: i }],
  })),
};
const labels = request.trials.map((_, i) => i % 4);

describe('a classifier of wide convolutions', async () => {
  const prepared = await prepareModel(nodeRuntime, wideModel());
  const { description, preprocessing } = prepared;
  const parts = { description, preprocessing, warp: createWarp(shape), batch: 64 };

  test('runs in its tiled form: other bits, the same scores up to rounding, alone as among others', async () => {
    const tiled = await tiledForm(nodeRuntime, prepared, 64);
    const [plainSession, tiledSession] = await Promise.all(
      [prepared.bytes, tiled!.bytes].map((bytes) => nodeRuntime.createSession(bytes, { threads: 1 })),
    );
    const classifier = await startClassifier(prepared, { threads: 2 });
    try {
      const plain = await createEngine({ ...parts, session: plainSession }).logits(request);
      const given = await classifier.logits(request);
      // 65 trials are a run of 64 and one of a single image.
      expect(given).toEqual(await createEngine({ ...parts, session: tiledSession, batch: 13 }).logits(request));
      expect(given).not.toEqual(plain);
      expect(Math.max(...plain.map((value, i) => Math.abs(value - given[i])))).toBeLessThan(
        1e-5 * Math.max(...plain.map(Math.abs)),
      );
    } finally {
      await Promise.all([classifier.close(), plainSession.release(), tiledSession.release()]);
    }
  });

  test('is differentiated as it stands', async () => {
    const model = gradientModel(prepared.model, description);
    const session = await nodeRuntime.createSession(model.bytes, { threads: 1 });
    const classifier = await startClassifier(prepared, { threads: 2 });
    try {
      const expected = await createGradientEngine({ ...parts, session, model }).gradients(
        request,
        labels,
        'transformation',
      );
      expect(await classifier.gradients?.(request, labels, 'transformation')).toEqual(expected);
    } finally {
      await Promise.all([classifier.close(), session.release()]);
    }
  });

  test('stays as it is where the tiled form gives other scores', async () => {
    const other = wideModel({ phase: 2 });
    const misled: Runtime = {
      ...nodeRuntime,
      createSession: (bytes, options) => nodeRuntime.createSession(bytes === prepared.bytes ? bytes : other, options),
    };
    expect(await tiledForm(misled, prepared, 64)).toBeUndefined();
  });
});

test.each<[string, Parameters<typeof wideModel>[0]]>([
  ['a size that the user alone says', { declared: false }],
  ['an older opset', { opset: 9 }],
])('%s is enough', async (_, options) => {
  const prepared = await prepareModel(nodeRuntime, wideModel(options), { size: shape });
  expect(await tiledForm(nodeRuntime, prepared, 64)).toBeDefined();
});

test('a model that gains nothing stays as it is', async () => {
  const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes: 4 }));
  expect(await tiledForm(nodeRuntime, prepared, 64)).toBeUndefined();
});
