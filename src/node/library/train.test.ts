import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { exportModel } from './export-model.ts';
import { train } from './train.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-library-'));
});
afterAll(() => rm(folder, { recursive: true }));

const set = ['epochs=1', 'width=2', 'heldOut=100', 'batch=500', 'objective=augmentation'];

it('trains, stops and goes on, exports, evaluates', async () => {
  const request = { recipe: 'glyphs/w10-30', data: 'glyphs', out: join(folder, 'run'), set, threads: 1 };
  const stop = new AbortController();
  await expect(
    train({
      ...request,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'step') stop.abort();
      },
    }),
  ).rejects.toThrow('aborted');
  const { model, metrics } = await train(request);
  expect(metrics.map(({ epoch }) => epoch)).toEqual([1]);
  const { file } = await exportModel({ model: request.out, mirror: true, out: join(folder, 'mirrored.onnx') });
  const accuracies = await Promise.all(
    [model, file].map((one) => evaluate({ model: one, data: 'glyphs', attacks: ['natural'], limit: 20, threads: 1 })),
  );
  expect(accuracies.map(({ n }) => n)).toEqual([20, 20]);
});

it('names an option that is at fault', async () => {
  await expect(train({ data: 'glyphs', out: folder, threads: 'two' })).rejects.toMatchObject({
    kind: 'misuse',
    issue: { subject: 'option threads' },
  });
});
