import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { linearModel } from '../../testing/classifier.ts';
import { modelOf } from '../../testing/onnx.ts';
import { writeIdxFolder } from '../../testing/data-files.ts';

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

const inspect = (name: string, ...more: string[]): Promise<Said> => gimbal('inspect', join(folder, name), ...more);

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

it('says of a model what evaluating would: several outputs are asked about, and --output answers', async () => {
  const b = new GraphBuilder('two');
  const flat = b.op('Flatten', [b.input('x', 'float32', ['N', 1, 4, 5])], { axis: 1 });
  b.outputAs('y', flat, 'float32', ['N', 20]);
  b.outputAs('z', b.op('Ceil', [flat]), 'float32', ['N', 20]);
  await writeFile(join(folder, 'two.onnx'), writeModel(modelOf(b.build(), 17)));
  expect((await inspect('two.onnx')).out).toMatch(/cannot feed it as it is:\n.*--output y/);
  expect((await inspect('two.onnx', '--output', 'y')).out).toContain('It can be differentiated');
  expect((await inspect('two.onnx', '--output', 'z')).out).toMatch(/cannot be differentiated:\n {2}Ceil/);
});

it('promises no gradient that it did not see: images are rounded before anything is computed', async () => {
  const b = new GraphBuilder('indices');
  const indices = b.op('Cast', [b.input('x', 'uint8', ['N', 1, 2, 2])], { to: 7 });
  const table = b.initializer('table', {
    type: 'float32',
    dims: [256],
    data: Float32Array.from({ length: 256 }, Math.sqrt),
  });
  const looked = b.op('Flatten', [b.op('Gather', [table, indices], { axis: 0 })], { axis: 1 });
  b.outputAs('y', looked, 'float32', ['N', 4]);
  await writeFile(join(folder, 'indices.onnx'), writeModel(modelOf(b.build(), 17)));
  const { out } = await inspect('indices.onnx');
  expect(out).toContain('pixels in [0, 255] (--scale)');
  expect(out).toMatch(/It cannot be differentiated:\n {2}it takes uint8 and does not convert it to float32 first/);
});

it('tells what was found by running the model', async () => {
  const b = new GraphBuilder('binary');
  const flat = b.op('Flatten', [b.input('x', 'float32', ['N', 1, 4, 5])], { axis: 1 });
  b.outputAs('y', b.op('ReduceSum', [flat, b.ints([1])], { keepdims: 1 }), 'float32', ['N', 1]);
  await writeFile(join(folder, 'binary.onnx'), writeModel(modelOf(b.build(), 17)));
  const { out } = await inspect('binary.onnx');
  expect(out).toMatch(/Found by running it:\n {2}Warning: The model gives one score for each image/);
  expect(out).toContain('It can be differentiated');
});

it('tries no gradient of a graph whose derivative would take minutes to load', async () => {
  const b = new GraphBuilder('chain');
  let value = b.input('x', 'float32', ['N', 2, 1]);
  for (let i = 0; i < 5001; i++) value = b.op('Relu', [value]);
  b.outputAs('y', b.op('Flatten', [value]), 'float32', ['N', 2]);
  await writeFile(join(folder, 'chain.onnx'), writeModel(modelOf(b.build(), 17)));
  const { code, out } = await inspect('chain.onnx', '--shape', '2x1');
  expect(code).toBe(0);
  expect(out).toContain('no gradient was tried');
});

it('tries the usual ways of feeding it on data, and prints the command that follows', async () => {
  await writeIdxFolder(join(folder, 'digits'), 40, 8, 3);
  const shape = { channels: 1, height: 8, width: 8 };
  await writeFile(join(folder, 'linear.onnx'), linearModel({ shape, classes: 3 }));
  const { code, out } = await inspect('linear.onnx', '--data', join(folder, 'digits'), '--limit', '20');
  expect(code).toBe(0);
  expect(out).toMatch(/Tried on 20 images of .*digits.* in 18 ways, the likeliest first:/);
  expect(out).toMatch(/gimbal evaluate .*linear\.onnx --data .*digits/);
  const { out: json } = await inspect('linear.onnx', '--data', join(folder, 'digits'), '--json');
  expect(JSON.parse(json)).toMatchObject({ search: { n: 40, found: expect.any(Array), now: { flags: [] } } });
});
