import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { linearModel } from '../../testing/classifier.ts';
import { modelOf } from '../../testing/onnx.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-inspect-'));
  await writeFile(
    join(folder, 'linear.onnx'),
    linearModel({ shape: { channels: 1, height: 4, width: 5 }, classes: 3 }),
  );
  const b = new GraphBuilder('rounding');
  b.outputAs('y', b.op('Ceil', [b.input('x', 'float32', ['N', 3])]), 'float32', ['N', 3]);
  await writeFile(join(folder, 'rounding.onnx'), writeModel(modelOf(b.build(), 17)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function inspect(name: string, ...more: string[]): Promise<{ code: number; out: string; error: string }> {
  const terminal = recordingTerminal();
  const code = await main(['inspect', join(folder, name), ...more], terminal);
  return { code, ...terminal.written };
}

it('shows what a model holds and that it can be differentiated', async () => {
  const { code, out } = await inspect('linear.onnx');
  expect(code).toBe(0);
  expect(out).toMatch(/^inputs +images: float32 \[N, 1, 4, 5\]$/m);
  // 20 pixels times 3 classes.
  expect(out).toMatch(/^parameters +60$/m);
  expect(out).toMatch(/^multiply-adds +60 for one image$/m);
  expect(out).toContain('It can be differentiated');
});

it('tells what stands in the way of gradients', async () => {
  const { code, out } = await inspect('rounding.onnx');
  expect(code).toBe(0);
  expect(out).toMatch(/It cannot be differentiated:\n {2}Ceil: .*\(node /);
  expect(JSON.parse((await inspect('rounding.onnx', '--json')).out)).toMatchObject({
    differentiable: false,
    operators: expect.arrayContaining([{ operator: 'Ceil', count: 1 }]),
  });
});

it('tells what evaluating assumes about feeding it, with the file of hints beside it', async () => {
  expect((await inspect('linear.onnx')).out).toContain(
    'NCHW input of 1×4×5 (--layout, --size)\n  pixels in [0, 1] (--scale)\n  mean 0 and deviation 1 (--mean, --std)\n',
  );
  await writeFile(join(folder, 'hinted.onnx'), await readFile(join(folder, 'linear.onnx')));
  await writeFile(join(folder, 'hinted.json'), '{"scale": "0,255", "label-offset": 1}');
  expect(JSON.parse((await inspect('hinted.onnx', '--json')).out).feeding.assumed).toEqual(
    expect.arrayContaining(['pixels in [0, 255] (--scale)', 'label 0 is class 1 of the model (--label-offset)']),
  );
  await writeFile(join(folder, 'hinted.json'), '{"scales": 1}');
  expect(await inspect('hinted.onnx')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/cannot feed it as it is:\n {2}.*hinted\.json: .*scales/),
  });
  expect((await inspect('rounding.onnx')).out).toMatch(/cannot feed it as it is:\n {2}model input 'x'/);
});

it('names the file that is no model', async () => {
  expect(await inspect('none.onnx')).toMatchObject({
    code: 2,
    out: '',
    error: expect.stringMatching(/none\.onnx: does not exist/),
  });
});
