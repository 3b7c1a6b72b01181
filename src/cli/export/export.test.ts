import { link, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { Tensor } from 'onnxruntime-common';
import { declaredFeeding } from '../../model/prepare.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { codeOf } from '../../onnx/element-type.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { modelOf } from '../../testing/onnx.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function exportTo(out: string, model = 'mnist-standard'): Promise<Omit<Said, 'out'>> {
  const { code, error } = await gimbal('export', model, '--mirror', '--out', out);
  return { code, error };
}

/** Answers class 0 or 1 by whether the mean of an image, as it is normalised, lies above zero. */
function normalised(layout: 'nchw' | 'nhwc'): Uint8Array {
  const b = new GraphBuilder('normalised');
  const x = b.input('x', 'float32', layout === 'nchw' ? ['N', 3, 4, 4] : ['N', 4, 4, 3]);
  const first = b.op('Slice', [x, b.ints([0]), b.ints([1]), b.ints([layout === 'nchw' ? 1 : 3])]);
  const mean = b.op('Reshape', [b.op('ReduceMean', [first], { axes: [1, 2, 3], keepdims: 1 }), b.ints([-1, 1])]);
  b.outputAs('y', b.op('Concat', [b.op('Neg', [mean]), mean], { axis: 1 }), 'float32', ['N', 2]);
  return writeModel(modelOf(b.build(), 17));
}

async function scoresOf(file: string, pixels: Float32Array): Promise<number[]> {
  const session = await nodeRuntime.createSession(await readFile(file), { threads: 1 });
  const { y } = await session.run({ x: new Tensor('float32', pixels, [1, 3, 4, 4]) }, ['y']);
  await session.release();
  return Array.from(y.data as Float32Array);
}

describe('gimbal export', () => {
  it.each(['nchw', 'nhwc'] as const)(
    'builds preprocessing in, of flags and of the file beside it: %s',
    async (layout) => {
      await writeFile(at('model.onnx'), normalised(layout));
      await writeFile(at('model.json'), JSON.stringify({ bgr: true, resize: 5, mean: [9, 9, 9] }));
      const terminal = recordingTerminal();
      const flags = ['--mean', '.5,.25,.125', '--std', '.5,1,1', '--out', at('raw.onnx')];
      expect(await main(['export', at('model.onnx'), ...flags], terminal)).toBe(0);
      expect(terminal.written.out).toContain('--mean .5,.25,.125 --std .5,1,1 --bgr built in');
      // Blue, which comes first: (0.9 − 0.5) / 0.5.
      const pixels = Float32Array.from({ length: 48 }, (_, i) => (i < 32 ? 0 : 0.9));
      const [low, high] = await scoresOf(at('raw.onnx'), pixels);
      expect([low, high].map((score) => score.toFixed(4))).toEqual(['-0.8000', '0.8000']);
      const { metadata } = readModel(await readFile(at('raw.onnx')));
      expect(JSON.parse(metadata.get('gimbal')!)).toEqual({ resize: 5 });
      expect(declaredFeeding(readModel(await readFile(at('raw.onnx')))).preprocessing).toMatchObject({
        mean: [0],
        bgr: false,
      });
      // A vote is over raw pixels: its border is black before anything is subtracted.
      const voted = ['export', at('model.onnx'), ...flags.slice(0, 4), '--vote', '2', '--out', at('voted.onnx')];
      expect(await main(voted, recordingTerminal())).toBe(0);
    },
  );

  it('leaves a model of raw pixels as it is', async () => {
    const terminal = recordingTerminal();
    expect(
      await main(['export', 'mnist-standard', '--scale', '0,1', '--vote', '3', '--out', at('a.onnx')], terminal),
    ).toBe(0);
    expect(await main(['export', 'mnist-standard', '--vote', '3', '--out', at('b.onnx')], terminal)).toBe(0);
    expect(await readFile(at('a.onnx'))).toEqual(await readFile(at('b.onnx')));
  });

  it('writes a file, and replaces one that it wrote, as a whole', async () => {
    expect(await exportTo(at('mirrored.onnx'))).toEqual({ code: 0, error: '' });
    const first = await readFile(at('mirrored.onnx'));
    expect(await exportTo(at('mirrored.onnx'), 'mnist-linf')).toEqual({ code: 0, error: '' });
    expect(await readFile(at('mirrored.onnx'))).not.toEqual(first);
    expect(await readdir(folder)).toEqual(['mirrored.onnx']);
  });

  it.each([
    ['itself', () => Promise.resolve(), 'model.onnx'],
    ['./itself', () => Promise.resolve(), './model.onnx'],
    ['a symbolic link to it', () => symlink(at('model.onnx'), at('link.onnx')), 'link.onnx'],
    ['a hard link to it', () => link(at('model.onnx'), at('same.onnx')), 'same.onnx'],
  ])('never writes over its model: %s', async (_, make, out) => {
    // A model that was exported before may be replaced, but for being read.
    await exportTo(at('model.onnx'));
    const before = await readFile(at('model.onnx'));
    await make();
    const { code, error } = await exportTo(`${folder}/${out}`, at('model.onnx'));
    expect([code, error]).toEqual([2, expect.stringContaining('is the model itself')]);
    expect(await readFile(at('model.onnx'))).toEqual(before);
  });

  it.each([
    [
      'a file of anything',
      async () => writeFile(at('there'), 'thesis'),
      'there',
      'is not a model that gimbal export wrote',
    ],
    ['an empty file', async () => writeFile(at('there'), ''), 'there', 'is not a model that gimbal export wrote'],
    [
      'a model that was not exported',
      async () => writeFile(at('there'), await readFile(await modelPath('mnist-standard'))),
      'there',
      'is not a model that gimbal export wrote',
    ],
    ['a folder', async () => mkdir(at('there')), 'there', 'is a folder'],
    ['a link that leads nowhere', async () => symlink(at('nowhere'), at('there')), 'there', 'leads nowhere'],
    ['a folder that is missing', async () => undefined, 'missing/out.onnx', 'cannot be written'],
  ])('leaves alone what it did not write: %s', async (_, make, out, message) => {
    await make();
    const { code, error } = await exportTo(at(out));
    expect([code, error]).toEqual([2, expect.stringContaining(message)]);
    expect((await readdir(folder)).filter((name) => name !== 'there')).toEqual([]);
  });

  it('turns copies, and tells how many and how far', async () => {
    const terminal = recordingTerminal();
    const flags = ['export', 'mnist-standard', '--align', '3', '--rotation', '15', '--out', at('aligned.onnx')];
    expect(await main(flags, terminal)).toBe(0);
    expect(terminal.written.out).toMatch(/the surest answer to 3 copies turned by −15° to 15°\n$/);
    const { metadata } = readModel(await readFile(at('aligned.onnx')));
    expect(JSON.parse(metadata.get('gimbal.align')!)).toEqual({ views: 3, rotation: 15 });
    expect(metadata.get('gimbal.recipe')).toBe('mnist/standard');
  });

  it.each([
    [['--align', '4'], 'expected an odd number'],
    [['--align', '3', '--vote', '3'], 'give one of the two'],
    [['--align', '3', '--translation', '1px'], 'goes with --vote M'],
    [['--align', '3', '--rotation', '0'], 'are all alike'],
    [['--rotation', '3'], '--align K'],
  ])('refuses %j', async (flags, message) => {
    const { code, error } = await gimbal('export', 'mnist-standard', ...flags, '--out', at('a.onnx'));
    expect([code, error]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each(['--vote', '--align'])('refuses %s where one number tells two classes', async (flag) => {
    const b = new GraphBuilder('one');
    const mean = b.op('ReduceMean', [b.input('x', 'float32', ['N', 1, 4, 4])], { axes: [2, 3], keepdims: 0 });
    b.outputAs('y', mean, 'float32', ['N', 1]);
    await writeFile(at('one.onnx'), writeModel(modelOf(b.build(), 17)));
    const { code, error } = await gimbal('export', at('one.onnx'), flag, '3', '--out', at('out.onnx'));
    expect([code, error]).toEqual([2, expect.stringContaining("one.onnx: its output 'y' is one number")]);
  });

  it('turns copies for the output that is chosen, and mirrors and votes for it', async () => {
    // The probability that an image is bright at `y`, the opposite at the output before it.
    const b = new GraphBuilder('two');
    const mean = b.op('ReduceMean', [b.input('x', 'float32', ['N', 1, 4, 4])], { axes: [2, 3], keepdims: 0 });
    const twice = b.op('Mul', [mean, b.constant(4)]);
    const scores = b.op('Concat', [b.op('Sub', [b.constant(2), twice]), b.op('Sub', [twice, b.constant(2)])], {
      axis: 1,
    });
    b.outputAs('aux', b.op('Neg', [scores]), 'float32', ['N', 2]);
    b.outputAs('y', b.op('Softmax', [scores], { axis: 1 }), 'float32', ['N', 2]);
    await writeFile(at('two.onnx'), writeModel(modelOf(b.build(), 17)));
    const warned = await gimbal('export', at('two.onnx'), '--output', 'y', '--align', '3', '--out', at('out.onnx'));
    expect(warned.out).toContain('taken to want raw pixels in [0, 1]');
    const few = ['--rotation', '1', '--out', at('out.onnx')];
    for (const built of [
      ['--mirror', '--out', at('out.onnx')],
      ['--vote', '3', ...few],
      ['--align', '3', ...few],
    ]) {
      const unsaid = await gimbal('export', at('two.onnx'), ...built);
      expect([unsaid.code, unsaid.error]).toEqual([
        2,
        expect.stringMatching(/two\.onnx: has several outputs.*--output/),
      ]);
      expect(await main(['export', at('two.onnx'), '--output', 'y', ...built], recordingTerminal())).toBe(0);
      const session = await nodeRuntime.createSession(await readFile(at('out.onnx')), { threads: 1 });
      const [[input], [output]] = [session.inputNames, session.outputNames];
      for (const [level, expected] of [
        [0.2, 0],
        [0.9, 1],
      ]) {
        const pixels = new Tensor('float32', new Float32Array(16).fill(level), [1, 1, 4, 4]);
        const { data } = (await session.run({ [input]: pixels }, [output]))[output];
        expect((data as Float32Array)[expected]).toBeGreaterThan((data as Float32Array)[1 - expected]);
      }
      await session.release();
    }
  });

  it.each([
    ['a batch of one', 'float32', [1, 1, 4, 4], 'takes any number of images at a time'],
    ['N×H×W×C', 'float32', ['N', 4, 4, 3], 'in place of float32 [N, 4, 4, 3]'],
    ['bytes in a batch of two', 'uint8', [2, 4, 4, 3], 'in place of uint8 [N, 4, 4, 3]'],
    ['rows of values', 'float32', ['N', 16], 'in place of float32 [N, 16]'],
  ] as const)('turns copies of, mirrors and votes over what a model of %s takes', async (_, type, dims, told) => {
    const b = new GraphBuilder('any');
    const x = b.op('Cast', [b.input('x', type, dims)], { to: codeOf('float32') });
    const mean = b.op('ReduceMean', [b.op('Flatten', [x], { axis: 1 })], { axes: [1], keepdims: 1 });
    const bright = b.op('Sub', [mean, b.constant(type === 'uint8' ? 100 : 100 / 255)]);
    b.outputAs('y', b.op('Concat', [b.op('Neg', [bright]), bright], { axis: 1 }), 'float32', [dims[0], 2]);
    await writeFile(at('any.onnx'), writeModel(modelOf(b.build(), 17)));
    const channels = dims.at(-1) === 3 ? 3 : 1;
    const size = channels * 16;
    const pixels = Float32Array.from({ length: 3 * size }, (_, i) => (i < 2 * size ? 0.9 : 0.1));
    for (const built of ['--align 3', '--vote 3', '--mirror --vote 3']) {
      const flags = [...built.split(' '), '--rotation', '1', '--out', at('out.onnx')];
      const terminal = recordingTerminal();
      expect(await main(['export', at('any.onnx'), ...flags], terminal)).toBe(0);
      expect(terminal.written.out).toContain(told);
      const session = await nodeRuntime.createSession(await readFile(at('out.onnx')), { threads: 1 });
      const images = new Tensor('float32', pixels, [3, channels, 4, 4]);
      const { logits } = await session.run({ [session.inputNames[0]]: images }, ['logits']);
      await session.release();
      const scores = logits.data as Float32Array;
      expect([0, 2, 4].map((row) => Math.sign(scores[row + 1] - scores[row]))).toEqual([1, 1, -1]);
    }
    expect(await main(['export', at('any.onnx'), '--mirror', '--out', at('out.onnx')], recordingTerminal())).toBe(0);
    const { graph } = readModel(await readFile(at('out.onnx')));
    expect(graph.inputs.map((info) => [info.type, info.shape?.slice(1)])).toEqual([[type, dims.slice(1)]]);
  });

  it.each(['--mirror', '--vote', '--align'])('refuses %s where company changes the answer', async (flag) => {
    const b = new GraphBuilder('company');
    const x = b.input('x', 'float32', ['N', 1, 4, 4]);
    // As a dynamic quantisation does: the scale is that of all images together.
    const scaled = b.op('Div', [x, b.op('ReduceMax', [x], { axes: [0, 1, 2, 3], keepdims: 1 })]);
    const scores = b.op('Slice', [b.op('Flatten', [scaled], { axis: 1 }), b.ints([0]), b.ints([2]), b.ints([1])]);
    b.outputAs('y', scores, 'float32', ['N', 2]);
    await writeFile(at('company.onnx'), writeModel(modelOf(b.build(), 17)));
    const value = flag === '--mirror' ? [] : ['3'];
    const { code, error } = await gimbal('export', at('company.onnx'), flag, ...value, '--out', at('out.onnx'));
    expect([code, error]).toEqual([2, expect.stringMatching(/company\.onnx: .*one image at a time/)]);
  });

  it('builds several classifiers into one, which tells what all of them were trained on', async () => {
    const terminal = recordingTerminal();
    const arguments_ = ['export', 'mnist-standard', '--with', 'mnist-linf', '--with', 'mnist-aug-30'];
    expect(await main([...arguments_, '--out', at('mean.onnx')], terminal)).toBe(0);
    expect(terminal.written.out).toContain(
      'the mean of the probabilities of mnist-standard, mnist-linf and mnist-aug-30',
    );
    const { metadata } = readModel(await readFile(at('mean.onnx')));
    const { metadata: own } = readModel(await readFile(await modelPath('mnist-standard')));
    expect(metadata.get('gimbal.data-fingerprint')).toBe(own.get('gimbal.data-fingerprint'));
    expect(metadata.get('gimbal.recipe')).toBeUndefined();
    expect(metadata.get('gimbal.limits')).toContain('pixel noise');
    // One that was exported may be replaced, and be mirrored and voted over as any other.
    expect(await main([...arguments_, '--mirror', '--vote', '2', '--out', at('mean.onnx')], recordingTerminal())).toBe(
      0,
    );
  });

  it('tells nothing of the output and the label offset that its first member had', async () => {
    const said = { output: 'y', 'label-offset': 1, resize: 5 };
    const b = new GraphBuilder('three');
    const means = b.op('ReduceMean', [b.input('x', 'float32', ['N', 3, 4, 4])], { axes: [2, 3], keepdims: 0 });
    b.outputAs('y', means, 'float32', ['N', 3]);
    const told = new Map([
      ['gimbal', JSON.stringify(said)],
      ['gimbal.hardened', '{}'],
      ['author', 'us'],
    ]);
    const bytes = writeModel({ ...modelOf(b.build(), 17), metadata: told });
    for (const name of ['a.onnx', 'b.onnx']) await writeFile(at(name), bytes);
    const arguments_ = ['export', at('a.onnx'), '--with', at('b.onnx'), '--out', at('mean.onnx')];
    expect(await main(arguments_, recordingTerminal())).toBe(0);
    const { metadata, graph } = readModel(await readFile(at('mean.onnx')));
    expect(JSON.parse(metadata.get('gimbal')!)).toEqual({ resize: 5 });
    expect([metadata.has('gimbal.hardened'), metadata.get('author')]).toEqual([false, 'us']);
    expect(graph.outputs.map(({ name, shape }) => [name, shape?.[1]])).toEqual([['logits', 2]]);
  });

  it('names the runs of an ensemble by their folders', async () => {
    for (const run of ['first', 'second']) {
      await mkdir(at(run));
      await writeFile(at(`${run}/model.onnx`), await readFile(await modelPath('mnist-standard')));
    }
    const terminal = recordingTerminal();
    expect(await main(['export', at('first'), '--with', at('second'), '--out', at('mean.onnx')], terminal)).toBe(0);
    expect(terminal.written.out).toContain('of first and second');
  });

  it('refuses to average over answers to different questions', async () => {
    const { code, error } = await gimbal(
      'export',
      'mnist-standard',
      '--with',
      'cifar10-linf',
      '--out',
      at('mean.onnx'),
    );
    expect([code, error]).toEqual([2, expect.stringContaining('1×28×28')]);
    await writeFile(at('a.onnx'), normalised('nchw'));
    await writeFile(at('a.json'), JSON.stringify({ 'class-names': ['cat', 'dog'] }));
    await writeFile(at('b.onnx'), normalised('nchw'));
    await writeFile(at('b.json'), JSON.stringify({ 'class-names': ['dog', 'cat'] }));
    const names = await gimbal('export', at('a.onnx'), '--with', at('b.onnx'), '--out', at('mean.onnx'));
    expect([names.code, names.error]).toEqual([
      2,
      expect.stringContaining("names its class 0 'dog', while a names it 'cat'"),
    ]);
    expect(await readdir(folder)).not.toContain('mean.onnx');
  });
});
