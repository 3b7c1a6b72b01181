import { describe, expect, it, test } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { writeModel } from '../onnx/write.ts';
import { linearModel, linearScores, type LinearModel } from '../testing/classifier.ts';
import { createWarp } from '../transform/warp.ts';
import { createEngine, createGradientEngine } from './engine.ts';
import { gradientModel } from './gradient-model.ts';
import { mirrorModel } from './mirror.ts';
import { prepareModel } from './prepare.ts';
import type { ModelHints } from './sidecar.ts';
import { plainSoftmax } from '../testing/softmax.ts';

const shape = { channels: 3, height: 3, width: 4 };
const size = 36;
const classes = 5;

/** Pixels are k/255, which bytes hold exactly. */
const images = [0, 1, 2].map((phase) =>
  Float32Array.from({ length: size }, (_, i) => ((37 * i + 59 * phase) % 256) / 255),
);

function flipped(image: Float32Array): Float32Array {
  return image.map((_, i) => image[i - (i % 4) + 3 - (i % 4)]);
}

function meanScores(image: Float32Array): number[] {
  const mirrored = linearScores(flipped(image), classes);
  return linearScores(image, classes).map((score, k) => (score + mirrored[k]) / 2);
}

async function prepareMirrored(options: Partial<LinearModel>, hints: ModelHints) {
  const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes, ...options }), hints);
  return { ...prepared, ...mirrorModel(prepared.model, prepared.description, 'model') };
}

async function classify(options: Partial<LinearModel>, hints: ModelHints): Promise<Float32Array> {
  const { model, description, preprocessing } = await prepareMirrored(options, hints);
  const session = await nodeRuntime.createSession(writeModel(model));
  const engine = createEngine({ session, description, preprocessing, warp: createWarp(shape), batch: 2 });
  const logits = await engine.logits({ images, trials: images.map((_, i) => ({ image: i, transformations: [] })) });
  await session.release();
  return logits;
}

describe('the mean over an image and its mirror image, however the model takes images', () => {
  test.each<[string, Partial<LinearModel>, ModelHints]>([
    ['channel by channel', {}, {}],
    ['pixel by pixel', { input: 'nhwc' }, {}],
    ['flat, channel by channel', { input: 'flat-chw' }, { layout: 'flat', size: shape }],
    ['flat, pixel by pixel', { input: 'flat-hwc' }, { layout: 'nhwc', size: shape }],
    ['sides left open', { declared: false }, { layout: 'nchw', size: shape }],
    ['one image at a time', { batch: 1 }, {}],
    ['bytes', { type: 'uint8' }, {}],
    ['float16 scores', { scores: 'float16' }, {}],
    ['log-probabilities', { ending: 'LogSoftmax' }, {}],
    ['probabilities, whose Softmax is left out', { ending: 'Softmax' }, {}],
  ])('%s', async (name, options, hints) => {
    const logits = await classify(options, hints);
    images.forEach((image, i) => {
      const values = options.type === 'uint8' ? image.map((v) => Math.round(v * 255)) : image;
      const expected = plainSoftmax(meanScores(values));
      plainSoftmax(logits.subarray(i * classes, (i + 1) * classes)).forEach((p, k) =>
        expect(p, name).toBeCloseTo(expected[k], options.scores === 'float16' ? 2 : 4),
      );
    });
  });

  it('takes the mean of probabilities where they cannot be taken apart', async () => {
    const logits = await classify({ ending: 'hand-made softmax' }, {});
    const [one, other] = [images[1], flipped(images[1])].map((image) => plainSoftmax(linearScores(image, classes)));
    plainSoftmax([...logits.subarray(classes, 2 * classes)]).forEach((p, k) =>
      expect(p).toBeCloseTo((one[k] + other[k]) / 2, 5),
    );
  });
});

it('does not change when the image is mirrored', async () => {
  const { model, description, preprocessing } = await prepareMirrored({}, {});
  const session = await nodeRuntime.createSession(writeModel(model));
  const engine = createEngine({ session, description, preprocessing, warp: createWarp(shape), batch: 4 });
  const logits = await engine.logits({
    images: [images[0], flipped(images[0])],
    trials: [0, 1].map((image) => ({ image, transformations: [] })),
  });
  for (let k = 0; k < classes; k++) expect(logits[k]).toBeCloseTo(logits[classes + k], 5);
});

it('is differentiated through both halves', async () => {
  const { model, description, preprocessing } = await prepareMirrored({}, {});
  const whole = gradientModel(model, description);
  const session = await nodeRuntime.createSession(whole.bytes);
  const engine = createGradientEngine({
    session,
    model: whole,
    description,
    preprocessing,
    warp: createWarp(shape),
    batch: 2,
  });
  const labels = [1, 4, 0];
  const { pixels = [] } = await engine.gradients(
    { images, trials: images.map((_, i) => ({ image: i, transformations: [] })) },
    labels,
    'pixels',
  );
  const loss = (image: Float32Array, label: number) => -Math.log(plainSoftmax(meanScores(image))[label]);
  images.forEach((image, i) => {
    for (const pixel of [0, 7, 35]) {
      const step = 1e-3;
      const moved = (by: number) => image.map((v, p) => (p === pixel ? v + by : v));
      expect(pixels[i][pixel]).toBeCloseTo(
        (loss(moved(step), labels[i]) - loss(moved(-step), labels[i])) / (2 * step),
        3,
      );
    }
  });
});

it('refuses a model whose batch is fixed, by name', async () => {
  const { model, description } = await prepareModel(nodeRuntime, linearModel({ shape, classes }));
  expect(() =>
    mirrorModel(model, { ...description, input: { ...description.input, batch: 8 } }, 'photos.onnx'),
  ).toThrow(/photos\.onnx.*runs 8 images at a time.*'mirror'/s);
});
