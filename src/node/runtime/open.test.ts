import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linearModel } from '../../testing/classifier.ts';
import { loadModel, openClassifier } from './open.ts';

const shape = { channels: 3, height: 4, width: 4 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-model-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('loadModel', () => {
  test('reads the sidecar beside the file; the user overrides it', async () => {
    const path = await file('hinted.onnx', linearModel({ shape, classes: 5 }));
    await file('hinted.json', '{"scale": "0,255", "mean": [1, 2, 3], "resize": 8}');
    const prepared = await loadModel(path, { mean: [0] });
    expect(prepared.preprocessing).toMatchObject({ scale: '0,255', mean: [0], std: [1] });
    expect(prepared.hints.resize).toBe(8);
  });

  test('a faulty sidecar is named', async () => {
    const path = await file('misled.onnx', linearModel({ shape, classes: 5 }));
    await file('misled.json', '{"colour": 1}');
    await expect(loadModel(path)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'model-hints', subject: join(folder, 'misled.json') },
    });
  });

  test('a folder in the place of the sidecar is named', async () => {
    const path = await file('blocked.onnx', linearModel({ shape, classes: 5 }));
    await mkdir(join(folder, 'blocked.json'));
    await expect(loadModel(path)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'model-hints', subject: join(folder, 'blocked.json'), problem: 'is a folder, not a file.' },
    });
  });

  test('a missing file and a folder', async () => {
    const missing = join(folder, 'missing.onnx');
    await expect(loadModel(missing)).rejects.toMatchObject({
      kind: 'misuse',
      message: `${missing}: does not exist. Give the path of an ONNX file.`,
    });
    await expect(loadModel(folder)).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'model-unreadable', problem: 'is a folder, not a file.' },
    });
  });

  test('a file that is no model, empty or cut at any place', async () => {
    const whole = linearModel({ shape, classes: 5 });
    const lengths = [0, 1, 10, Math.floor(whole.length / 2), whole.length - 1];
    const paths = await Promise.all([
      ...lengths.map((length) => file(`cut-${length}.onnx`, whole.subarray(0, length))),
      file('text.onnx', 'no model'),
    ]);
    for (const path of paths)
      await expect(loadModel(path)).rejects.toMatchObject({ kind: 'misuse', issue: { subject: path } });
  });
});

test('openClassifier: an ONNX file in, a classifier out', async () => {
  const path = await file('linear.onnx', linearModel({ shape, classes: 5 }));
  const classifier = await openClassifier({ model: path, threads: 1, hints: { labelOffset: 1 } });
  expect(classifier).toMatchObject({ classes: 4, shape, batch: 64 });
  expect(
    await classifier.logits({ images: [new Float32Array(48)], trials: [{ image: 0, transformations: [] }] }),
  ).toEqual(new Float32Array(4));
  await classifier.close();
});
