import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../model/encoder.ts';
import { createInputBatch } from '../../model/input-batch.ts';
import { prepareModel } from '../../model/prepare.ts';
import { readLogits } from '../../model/scores.ts';
import type { ModelHints } from '../../model/sidecar.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { GraphBuilder, float } from '../../onnx/builder.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { randomStream } from '../../random/stream.ts';
import { linearModel, type LinearModel } from '../../testing/classifier.ts';
import { modelOf } from '../../testing/onnx.ts';
import { TrainingSchema } from '../recipes/recipe.ts';
import { HARDENED, hardenedModel } from '../export/hardened-model.ts';
import { freeze } from '../step/frozen-model.ts';
import { StepSession } from '../step/step-session.ts';
import { ImportedNetwork } from './imported-network.ts';
import { crossEntropy } from '../../statistics/cross-entropy.ts';
import { findWeights } from './weights.ts';

const shape = { channels: 3, height: 6, width: 5 };
const ROWS = 4;
const stream = randomStream(3, 'images');
const images = Float32Array.from({ length: ROWS * 90 }, (_, i) => Math.round(255 * stream.uniform4(i)[0]) / 255);

/** Class i for image i. */
const targets = Float32Array.from({ length: ROWS * 5 }, (_, i) => (i % 5 === (i / 5) >> 0 ? 1 / ROWS : 0));

/** What the model answers by the ordinary way of feeding it. */
async function answers(bytes: Uint8Array, hints: ModelHints): Promise<Float32Array> {
  const { description, preprocessing, bytes: running } = await prepareModel(nodeRuntime, bytes, hints);
  const session = await nodeRuntime.createSession(running, { threads: 1 });
  const batch = createInputBatch(description.input, createEncoder(description.input, preprocessing), ROWS);
  for (let row = 0; row < ROWS; row++)
    batch.put(row, (raw) => raw.set(images.subarray(row * raw.length, (row + 1) * raw.length)));
  const { name } = description.output;
  const { [name]: scores } = await session.run({ [description.input.name]: batch.tensor(ROWS) }, [name]);
  await session.release();
  return readLogits(scores, description.output, ROWS, ROWS);
}

async function imported(
  bytes: Uint8Array,
  hints: ModelHints = {},
  norms?: 'keep' | 'estimate',
): Promise<ImportedNetwork> {
  return new ImportedNetwork(readModel(bytes), await prepareModel(nodeRuntime, bytes, hints), norms);
}

/**
 * conv → batch norm → relu → depthwise conv → scale and shift written out → mean → product with a transposed weight.
 */
function convNet(): Uint8Array {
  const b = new GraphBuilder('net');
  const w = randomStream(1, 'weights');
  let at = 0;
  const tensor = (name: string, ...dims: number[]): string => {
    const data = Float32Array.from({ length: dims.reduce((p, d) => p * d, 1) }, () => w.normal4(at++)[0] / 2);
    return b.initializer(name, { type: 'float32', dims, data });
  };
  const positive = (name: string, size: number): string =>
    b.initializer(name, { type: 'float32', dims: [size], data: new Float32Array(size).fill(0.7) });
  const x = b.input('x', 'float32', ['N', 3, 6, 5]);
  const normalised = b.op('Div', [b.op('Sub', [x, tensor('mean', 1, 3, 1, 1)]), positive('std', 1)]);
  const conv = b.op('Conv', [normalised, tensor('conv', 4, 3, 3, 3), tensor('bias', 4)], { kernel_shape: [3, 3] });
  const norm = b.op(
    'BatchNormalization',
    [conv, positive('scale', 4), tensor('shift', 4), tensor('mu', 4), positive('sigma', 4)],
    { epsilon: float(1e-5) },
  );
  const deep = b.op('Conv', [b.op('Relu', [norm]), tensor('deep', 4, 1, 2, 2)], { group: 4, kernel_shape: [2, 2] });
  const scaled = b.op('Add', [
    b.op('Mul', [deep, tensor('layer scale', 4, 1, 1)]),
    b.op('Identity', [tensor('offset', 4, 1, 1)]),
  ]);
  const placed = b.op('Add', [scaled, tensor('positions', 4, 3, 2)]);
  const halved = b.op('Mul', [placed, b.constant(0.5)]);
  const pooled = b.op('Flatten', [b.op('GlobalAveragePool', [halved])], { axis: 1 });
  const head = b.op('Transpose', [tensor('head', 5, 4)], { perm: [1, 0] });
  b.outputAs('scores', b.op('MatMul', [pooled, head]), 'float32', ['N', 5]);
  return writeModel(modelOf(b.build()));
}

describe('ImportedNetwork', () => {
  it.each<[string, LinearModel, ModelHints]>([
    ['NHWC', { shape, classes: 4, input: 'nhwc' }, { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4], bgr: true }],
    ['flat, probabilities, offset', { shape, classes: 5, input: 'flat-hwc', ending: 'Softmax' }, { labelOffset: 1 }],
    ['float16', { shape, classes: 3, type: 'float16' }, { scale: '-1,1' }],
    ['bytes', { shape, classes: 3, type: 'uint8' }, {}],
    ['log-probabilities', { shape, classes: 3, ending: 'LogSoftmax' }, { perImageStandardization: true }],
    ['sigmoid, batch of 1', { shape, classes: 3, ending: 'Sigmoid', batch: 1 }, { scale: '0,255' }],
  ])('answers raw images as the model does: %s', async (_, model, hints) => {
    const declared = model.input === 'flat-hwc' ? { layout: 'nhwc' as const, size: shape } : {};
    const bytes = linearModel(model);
    const expected = await answers(bytes, { ...hints, ...declared });
    const network = await imported(bytes, { ...hints, ...declared });
    expect(network.layout.total).toBeGreaterThan(0);
    const frozen = await freeze(network, network.initialState(), nodeRuntime, 1);
    const logits = await frozen.logits(images, ROWS);
    await frozen.release();
    // Scores of different kinds differ by a constant in each row.
    const relative = (rows: Float32Array): number[] => [...rows].map((v, i) => v - rows[i - (i % network.classes)]);
    const scale = Math.max(1, ...expected.map(Math.abs));
    const tolerance = model.type === 'float16' ? 5e-3 : 1e-4;
    relative(logits).forEach((v, i) => expect(Math.abs(v - relative(expected)[i]) / scale).toBeLessThan(tolerance));
  });

  it('trains weights, and leaves normalisation, statistics, positions and numbers alone', async () => {
    const { graph } = readModel(convNet());
    expect([...findWeights(graph)].sort()).toEqual(
      ['bias', 'conv', 'deep', 'head', 'layer scale', 'offset', 'scale', 'shift'].sort(),
    );
    const network = await imported(convNet());
    expect(
      network.parameters
        .filter(({ decays }) => decays)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['conv', 'deep', 'head'].sort());
  });

  it.each(['keep', 'estimate'] as const)(
    'gives gradients by its weights that finite differences confirm, statistics: %s',
    async (norms) => {
      const network = await imported(convNet(), {}, norms);
      const { parameters } = network.initialState();
      const step = await StepSession.open(network, nodeRuntime, 1, ROWS);
      const gradient = new Float32Array(network.layout.total);
      const unused = new Float32Array(network.layout.total);
      const statistics = new Float32Array(network.statistics.total);
      const lossAt = (vector: Float32Array, into: Float32Array): Promise<number> =>
        step.run(vector, { rows: ROWS, images, targets }, into, statistics);
      await lossAt(parameters, gradient);
      for (const { name, offset } of network.layout.slots) {
        const moved = parameters.slice();
        moved[offset] += 1e-2;
        const up = await lossAt(moved, unused);
        moved[offset] -= 2e-2;
        const down = await lossAt(moved, unused);
        expect(Math.abs((up - down) / 2e-2 - gradient[offset]), name).toBeLessThan(2e-3);
      }
      await step.release();
    },
  );

  it('estimates the statistics of norms where it is asked to, and writes them back', async () => {
    const network = await imported(convNet(), {}, 'estimate');
    expect(network.statistics.slots.map(({ name, size }) => [name, size])).toEqual([
      ['mu.mean', 4],
      ['mu.variance', 4],
    ]);
    const state = network.initialState();
    expect(state.statistics.subarray(4)).toEqual(new Float32Array(4).fill(0.7));
    // With its own statistics in place of the stored ones, a batch loses what it lost in training.
    const step = await StepSession.open(network, nodeRuntime, 1, ROWS);
    const statistics = new Float32Array(8);
    const gradient = new Float32Array(network.layout.total);
    const loss = await step.run(state.parameters, { rows: ROWS, images, targets }, gradient, statistics);
    await step.release();
    const measured = { parameters: state.parameters, statistics };
    const frozen = await freeze(network, measured, nodeRuntime, 1);
    const logits = await frozen.logits(images, ROWS);
    await frozen.release();
    const losses = [0, 1, 2, 3].map((row) => crossEntropy(logits, 5 * row, 5, row));
    expect(losses.reduce((sum, one) => sum + one / ROWS, 0)).toBeCloseTo(loss, 5);

    const original = readModel(convNet());
    expect(hardenedModel(original, network, state, {}).graph).toEqual(original.graph);
    const { initializers } = hardenedModel(original, network, measured, {}).graph;
    expect([initializers.get('mu')!.data, initializers.get('sigma')!.data]).toEqual([
      statistics.slice(0, 4),
      statistics.slice(4),
    ]);
    await expect(imported(linearModel({ shape, classes: 3 }), {}, 'estimate')).rejects.toMatchObject({
      issue: { code: 'no-norms' },
    });
  });

  it('is written back into its own file: the same bytes of constants where nothing was trained', async () => {
    const original = readModel(convNet());
    const network = await imported(convNet());
    const state = network.initialState();
    const same = hardenedModel(original, network, state, { updates: 0 });
    expect(same.graph).toEqual(original.graph);
    expect(same.metadata.get(HARDENED)).toBe('{"updates":0}');
    const head = network.layout.slots.find(({ name }) => name === 'head')!;
    state.parameters[head.offset] = 7;
    const moved = readModel(writeModel(hardenedModel(original, network, state, {})));
    expect(
      [...moved.graph.initializers]
        .filter(([name, { data }]) => {
          const before = original.graph.initializers.get(name)!.data as Float32Array;
          return (data as Float32Array).some((v, i) => v !== before[i]);
        })
        .map(([name]) => name),
    ).toEqual(['head']);
    expect((moved.graph.initializers.get('head')!.data as Float32Array)[0]).toBe(7);
  });

  it('no longer tells what held for the weights that it came with, once these have moved', async () => {
    const given = readModel(convNet());
    const original = {
      ...given,
      metadata: new Map([
        ['author', 'someone'],
        ['gimbal.recipe', 'cifar10/w10-30'],
        ['gimbal.results', '{"natural":0.9}'],
        ['gimbal.limits', 'trained without transformations'],
      ]),
    };
    const network = await imported(convNet());
    const state = network.initialState();
    const settings = TrainingSchema.parse({
      objective: 'regularised',
      rotation: 20,
      translation: 1,
      epochs: 1,
      batch: 8,
      rate: 0.1,
      decay: 0,
    });
    const moved = { settings, fingerprint: 'f', heldOut: [3] };
    const { metadata } = hardenedModel(original, network, state, {}, moved);
    expect([...metadata.keys()]).toEqual([
      ...['author', 'gimbal.settings', 'gimbal.limits', 'gimbal.data-fingerprint', 'gimbal.held-out', HARDENED],
    ]);
    expect(metadata.get('gimbal.limits')).toMatch(/rotations up to 20° and shifts up to 1 px/);
    expect(hardenedModel(original, network, state, {}).metadata.get('gimbal.recipe')).toBe('cifar10/w10-30');
  });
});
