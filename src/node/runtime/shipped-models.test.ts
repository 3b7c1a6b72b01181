import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linearModel } from '../../testing/classifier.ts';
import { loadModel } from './open.ts';
import { modelPath, shippedModels } from './shipped-models.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-shipped-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('every shipped model is found by its name and loads without hints', async () => {
  const names = await shippedModels();
  expect(names).toContain('mnist-standard');
  for (const name of names) {
    expect(basename(await modelPath(name))).toBe(`${name}.onnx`);
    expect((await loadModel(name)).description.input.shape).toBeDefined();
  }
});

it('a path that exists wins over a name', async () => {
  const before = process.cwd();
  await writeFile(
    join(folder, 'mnist-standard'),
    linearModel({ shape: { channels: 1, height: 5, width: 4 }, classes: 2 }),
  );
  process.chdir(folder);
  try {
    expect(await modelPath('mnist-standard')).toBe('mnist-standard');
  } finally {
    process.chdir(before);
  }
  expect(dirname(await modelPath('mnist-standard'))).not.toBe(folder);
});

it('an unknown name is told with those that there are; what looks like a path is left to its reader', async () => {
  await expect(modelPath('mnist-standrad')).rejects.toMatchObject({
    kind: 'misuse',
    issue: {
      code: 'unknown-model',
      problem: expect.stringMatching(/those are .*mnist-w10-30.*Did you mean "mnist-standard"\?/),
    },
  });
  expect(await modelPath('models/none')).toBe('models/none');
  expect(await modelPath('none.onnx')).toBe('none.onnx');
});
