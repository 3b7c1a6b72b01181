import { expect, test } from 'vitest';
import { prepareModel } from '../model/prepare.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { linearModel } from '../testing/classifier.ts';
import { answerJobs } from './answer-jobs.ts';
import type { StartJobWorker } from './pool.ts';
import { startClassifierOn } from './start-classifier.ts';

const shape = { channels: 3, height: 4, width: 5 };
const prepared = await prepareModel(nodeRuntime, linearModel({ shape, classes: 2 }));
const images = [0, 1, 2].map((phase) => Float32Array.from({ length: 60 }, (_, i) => ((i + phase) % 5) / 5));
const trials = Array.from({ length: 11 }, (_, i) => ({ image: i % 3, transformations: [{ tx: 0, ty: 0, angle: i }] }));

/** Workers that are no threads at all: the platform decides what they are. */
function workersHere(): { readonly start: StartJobWorker; readonly left: () => number } {
  let left = 0;
  const start: StartJobWorker = (setup, listener) => {
    let gone = (): void => undefined;
    const leaving = new Promise<void>((resolve) => (gone = resolve));
    const take = answerJobs(
      setup,
      nodeRuntime,
      (reply) => listener.message(reply),
      () => (left++, gone()),
    );
    return { post: take, setBusy: () => undefined, leave: () => leaving };
  };
  return { start, left: () => left };
}

const host = (startWorker: StartJobWorker) => ({
  cores: 2,
  tiles: true,
  startWorker,
  withRuntime: <T>(_signal: AbortSignal | undefined, work: (runtime: typeof nodeRuntime) => Promise<T>) =>
    work(nodeRuntime),
});

test('a classifier over any kind of worker: as many as there are cores, the same bits, and all leave', async () => {
  const workers = workersHere();
  const one = await startClassifierOn(host(workers.start), prepared, { threads: 1, batch: 64 });
  const two = await startClassifierOn(host(workers.start), prepared, { batch: 3 });
  expect(two.parallelism).toBe(4);
  expect(await two.logits({ images, trials })).toEqual(await one.logits({ images, trials }));
  await one.close();
  await two.close();
  expect(workers.left()).toBe(3);
});

test('a worker that breaks fails what is open, and what comes later', async () => {
  const broken: StartJobWorker = (_setup, listener) => ({
    post: () => listener.fault(new Error('out of memory')),
    setBusy: () => undefined,
    leave: async () => undefined,
  });
  await expect(startClassifierOn(host(broken), prepared)).rejects.toMatchObject({
    issue: { code: 'worker-crashed', problem: 'ended early: out of memory.' },
  });
});

test('of a large model there is one session on all threads, its weights are not held twice for gradients', async () => {
  const asked: { readonly threads?: number; readonly prepacking?: boolean }[] = [];
  const started: number[] = [];
  const start: StartJobWorker = (setup, listener) => {
    started.push(setup.threads);
    const runtime: Pick<typeof nodeRuntime, 'createSession'> = {
      createSession: (model, options = {}) => {
        asked.push(options);
        return nodeRuntime.createSession(model, options);
      },
    };
    const take = answerJobs(
      setup,
      runtime,
      (reply) => listener.message(reply),
      () => undefined,
    );
    return { post: take, setBusy: () => undefined, leave: async () => undefined };
  };
  const small = await startClassifierOn(host(workersHere().start), prepared, { threads: 2 });
  const large = await startClassifierOn({ ...host(start), largeFrom: 1 }, prepared, { threads: 2 });
  expect(started).toEqual([2]);
  expect(await large.logits({ images, trials })).toEqual(await small.logits({ images, trials }));
  const labels = trials.map(() => 1);
  expect(await large.gradients!({ images, trials }, labels, 'pixels')).toEqual(
    await small.gradients!({ images, trials }, labels, 'pixels'),
  );
  expect(asked).toMatchObject([
    { threads: 2, prepacking: true },
    { threads: 2, prepacking: false },
  ]);
  await Promise.all([small.close(), large.close()]);
});
