import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { TrialRequest } from '../../model/classifier.ts';
import { createEngine } from '../../model/engine.ts';
import { prepareModel } from '../../model/prepare.ts';
import { linearModel } from '../../testing/classifier.ts';
import { createWarp } from '../../transform/warp.ts';
import { packRequest, type WorkerSetup } from '../../workers/messages.ts';
import { WorkerPool } from '../../workers/pool.ts';
import { nodeRuntime } from './runtime.ts';
import { startWorker } from './start-worker.ts';
import { startClassifier } from './start.ts';

const shape = { channels: 3, height: 4, width: 5 };
const devices = await nodeRuntime.devices();
const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes: 4 }));

function shared(phase: number): Float32Array {
  const image = new Float32Array(new SharedArrayBuffer(4 * 60));
  for (let i = 0; i < 60; i++) image[i] = (i * 0.618 + phase) % 1;
  return image;
}

const request: TrialRequest = {
  images: [shared(0), shared(0.3), shared(0.7)],
  trials: Array.from({ length: 23 }, (_, i) => ({
    image: i % 3,
    perturbation: i % 4 === 0 ? Float32Array.from({ length: 60 }, (_, p) => 0.3 * Math.sin(p + i)) : undefined,
    transformations: Array.from({ length: i % 3 }, (_, k) => ({ tx: 0.3 * i, ty: -0.1 * k, angle: 7 * i })),
  })),
};

async function direct(batch: number): Promise<Float32Array> {
  const session = await nodeRuntime.createSession(prepared.bytes);
  const { description, preprocessing } = prepared;
  const logits = await createEngine({ session, description, preprocessing, warp: createWarp(shape), batch }).logits(
    request,
  );
  await session.release();
  return logits;
}

describe('startClassifier', () => {
  test.each([
    [1, 64],
    [2, 64],
    [3, 5],
    [2, 1],
  ])('%i threads and batches of %i give bit for bit what one engine gives', async (threads, batch) => {
    const classifier = await startClassifier(prepared, { threads, batch });
    expect(classifier).toMatchObject({ classes: 4, shape, parallelism: 2 * threads });
    const [first, second] = await Promise.all([classifier.logits(request), classifier.logits(request)]);
    await classifier.close();
    const expected = await direct(7);
    expect(first).toEqual(expected);
    expect(second).toEqual(expected);
  });

  test('a fixed batch is filled', async () => {
    const fixed = {
      ...prepared,
      description: { ...prepared.description, input: { ...prepared.description.input, batch: 6 } },
    };
    const classifier = await startClassifier(fixed, { threads: 2, batch: 8 });
    expect(classifier.batch).toBe(12);
    expect(await classifier.logits(request)).toEqual(await direct(7));
    await classifier.close();
  });

  test('no trials give no logits', async () => {
    const classifier = await startClassifier(prepared, { threads: 1 });
    expect(await classifier.logits({ images: [], trials: [] })).toHaveLength(0);
    await classifier.close();
  });

  test('closing rejects what is open, once, and what comes later', async () => {
    const classifier = await startClassifier(prepared, { threads: 1, batch: 1 });
    const open = classifier.logits(request);
    open.catch(() => undefined);
    await Promise.all([classifier.close(), classifier.close()]);
    await expect(open).rejects.toMatchObject({ issue: { code: 'classifier-closed' } });
    await expect(classifier.logits(request)).rejects.toMatchObject({ issue: { code: 'classifier-closed' } });
  });

  test('gradients are the same on any number of threads', async () => {
    const labels = request.trials.map((_, i) => i % 4);
    const [one, three] = await Promise.all([
      startClassifier(prepared, { threads: 1 }),
      startClassifier(prepared, { threads: 3, batch: 4 }),
    ]);
    for (const by of ['transformation', 'pixels'] as const) {
      const [a, b] = await Promise.all([one.gradients!(request, labels, by), three.gradients!(request, labels, by)]);
      expect(a).toEqual(b);
      expect(a.logits).toEqual(await one.logits(request));
      expect(by === 'pixels' ? a.pixels : a.transformation).toHaveLength(by === 'pixels' ? 23 : 69);
    }
    await Promise.all([one.close(), three.close()]);
  });

  test('what goes wrong inside a worker reaches the caller as it was thrown', async () => {
    const { description } = prepared;
    const mistaken = { ...prepared, description: { ...description, output: { ...description.output, width: 7 } } };
    await expect(startClassifier(mistaken, { threads: 2 })).rejects.toMatchObject({
      kind: 'failure',
      issue: { code: 'output-shape' },
    });
  });

  test('a worker that ends unexpectedly fails open and later work, clearly', async () => {
    // The worker trips over its missing setup.
    const pool = new WorkerPool(startWorker, undefined as unknown as WorkerSetup, 2);
    const crashed = { kind: 'failure', issue: { code: 'worker-crashed' } };
    const jobs = Array.from({ length: 7 }, () => pool.run({ kind: 'logits', request: packRequest(request, 0, 1) }));
    for (const job of await Promise.allSettled(jobs))
      expect(job).toMatchObject({ status: 'rejected', reason: crashed });
    await expect(pool.run({ kind: 'logits', request: packRequest(request, 0, 1) })).rejects.toMatchObject(crashed);
    await pool.close();
  });

  test('images of another size are refused', async () => {
    const classifier = await startClassifier(prepared, { threads: 1 });
    await expect(
      classifier.logits({ images: [new Float32Array(20)], trials: [{ image: 0, transformations: [] }] }),
    ).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'image-size', problem: 'has 20 values, but the model takes images of 60.' },
    });
    await classifier.close();
  });

  test.each([{ threads: 0 }, { threads: 1.5 }, { batch: 0 }])('refuses %o', async (options) => {
    await expect(startClassifier(prepared, options)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'not-a-count' },
    });
  });

  test('a batch beyond memory is refused, and threads beyond the cores are not started', async () => {
    await expect(startClassifier(prepared, { batch: 2 ** 23 })).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'batch-too-large', problem: expect.stringContaining('1 to 1118481 fit') },
    });
    const classifier = await startClassifier(prepared, { threads: 1024 });
    expect(classifier.parallelism).toBe(2 * Math.min(1024, 4 * availableParallelism()));
    await classifier.close();
  });

  // WebGPU is among the devices where there is a Vulkan driver, such as the software one in Chromium's folder
  // (VK_DRIVER_FILES).
  test.each(devices)('%s gives the logits and gradients of the CPU', async (device) => {
    const labels = request.trials.map((_, i) => i % 4);
    const [here, there] = await Promise.all([
      startClassifier(prepared, { threads: 1 }),
      startClassifier(prepared, { threads: 2, device }),
    ]);
    const [expected, given] = await Promise.all(
      [here, there].map((classifier) => classifier.gradients!(request, labels, 'transformation')),
    );
    const logits = await there.logits(request);
    expected.logits.forEach((v, i) => expect(logits[i]).toBeCloseTo(v, 4));
    expected.transformation!.forEach((v, i) => expect(given.transformation![i]).toBeCloseTo(v, 3));
    await Promise.all([here.close(), there.close()]);
  });

  test('a device that is missing is refused with those that are there', async () => {
    expect(devices).toContain('cpu');
    for (const device of (['webgpu', 'cuda'] as const).filter((d) => !devices.includes(d))) {
      await expect(startClassifier(prepared, { device })).rejects.toMatchObject({
        kind: 'misuse',
        issue: { code: 'no-such-device', advice: `Usable here: ${devices.join(', ')}.` },
      });
    }
  });
});
