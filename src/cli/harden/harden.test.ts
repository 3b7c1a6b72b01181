import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { hardenModel } from '../../applications/harden/harden.ts';
import { nodePlatform } from '../../node/platform.ts';
import { hardenSchema } from '../../options/harden-options.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { randomStream } from '../../random/stream.ts';
import { modelOf } from '../../testing/onnx.ts';
import { idxFile } from '../../testing/data-files.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';

const SIDE = 9;
const MIDDLE = 4;
let folder: string;
let model: string;
let data: string;

/** Bars through the middle with a hole somewhere, of any brightness: an upright one is class 0, a lying one class 1. */
function bars(count: number, seed: number): { pixels: number[]; labels: number[] } {
  const stream = randomStream(seed, 'bars');
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const pixels = labels.flatMap((label, i) => {
    const [hole, light] = stream.uniform4(i);
    return Array.from({ length: SIDE * SIDE }, (_, p) => {
      const [along, across] = label === 0 ? [Math.floor(p / SIDE), p % SIDE] : [p % SIDE, Math.floor(p / SIDE)];
      return across === MIDDLE && along !== Math.floor(hole * SIDE) ? Math.round(150 + 100 * light) : 0;
    });
  });
  return { pixels, labels };
}

/** Knows bars by two templates, the middle column and the middle row, and so falls when they are shifted. */
function barModel(): Uint8Array {
  const hidden = 12;
  const b = new GraphBuilder('bars');
  const stream = randomStream(2, 'weights');
  const x = b.input('picture', 'float32', ['N', 1, SIDE, SIDE]);
  const templates = Float32Array.from({ length: SIDE * SIDE * hidden }, (_, i) => {
    const [p, unit] = [Math.floor(i / hidden), i % hidden];
    if (unit > 1) return stream.normal4(i)[0] / 4;
    return (unit === 0 ? p % SIDE : Math.floor(p / SIDE)) === MIDDLE ? 1 : -0.3;
  });
  const head = Float32Array.from({ length: 2 * hidden }, (_, i) =>
    i < 4 ? (i % 3 === 0 ? 1 : -1) : stream.normal4(i, 1)[0] / 20,
  );
  const w = b.initializer('templates', { type: 'float32', dims: [SIDE * SIDE, hidden], data: templates });
  const h = b.initializer('head', { type: 'float32', dims: [hidden, 2], data: head });
  const units = b.op('Relu', [b.op('MatMul', [b.op('Flatten', [x], { axis: 1 }), w])]);
  b.outputAs('scores', b.op('MatMul', [units, h]), 'float32', ['N', 2]);
  const plain = modelOf(b.build(), 17);
  return writeModel({ ...plain, metadata: new Map([['author', 'somebody']]) });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-harden-'));
  model = join(folder, 'bars.onnx');
  data = join(folder, 'digits');
  await writeFile(model, barModel());
  await mkdir(data);
  for (const [name, count, seed] of [
    ['train', 160, 1],
    ['t10k', 60, 2],
  ] as const) {
    const { pixels, labels } = bars(count, seed);
    await writeFile(join(data, `${name}-images-idx3-ubyte`), idxFile([count, SIDE, SIDE], pixels));
    await writeFile(join(data, `${name}-labels-idx1-ubyte`), idxFile([count], labels));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function harden(out: string, ...more: string[]): Promise<Said> {
  const small = '--threads 1 --grid 3x3x5 --rotation 20 --translation 2px --quiet --json'.split(' ');
  return gimbal('harden', model, '--out', join(folder, out), ...small, ...more);
}

interface Told {
  readonly format: string;
  readonly before: Record<string, { accuracy: number; n: number }>;
  readonly after: Record<string, { accuracy: number; n: number }>;
  readonly test: { from: string; n: number };
  readonly bestEpoch: number;
  readonly images: { readonly won: readonly number[]; readonly lost: readonly number[] };
  readonly classes: readonly { readonly n: number }[];
  readonly difference: Record<string, { readonly onlyA: number; readonly onlyB: number }>;
}

describe('gimbal harden', () => {
  it('gives the same model back with weights that withstand more', async () => {
    const { code, out, error } = await harden('first', '--data', data, '--set', 'epochs=10', '--set', 'rate=0.01');
    expect([code, error]).toEqual([0, '']);
    const told = JSON.parse(out) as Told;
    expect(told.test).toEqual({ name: expect.stringContaining('digits'), from: 'test', n: 60 });
    expect(told.format).toBe('gimbal-hardening-result-1');
    expect(await readFile(join(folder, 'first', 'result.json'), 'utf8')).toBe(out);
    expect(told.bestEpoch).toBeGreaterThan(0);
    expect(told.after.grid.accuracy).toBeGreaterThan(told.before.grid.accuracy);
    const [original, hardened] = [
      readModel(await readFile(model)),
      readModel(await readFile(join(folder, 'first', 'model.onnx'))),
    ];
    const shapeOf = ({ inputs, outputs, nodes }: typeof original.graph): unknown => ({ inputs, outputs, nodes });
    expect(shapeOf(hardened.graph)).toEqual(shapeOf(original.graph));
    expect([...hardened.opsets]).toEqual([...original.opsets]);
    expect(hardened.metadata.get('author')).toBe('somebody');
    expect(JSON.parse(hardened.metadata.get('gimbal.hardened')!)).toMatchObject({ labels: 'given' });
    expect(hardened.graph.initializers.get('head')!.data).not.toEqual(original.graph.initializers.get('head')!.data);
    expect(await readdir(join(folder, 'first'))).toEqual(
      expect.arrayContaining(['after', 'before', 'model.onnx', 'report.html', 'report.md', 'result.json']),
    );
    // Which images were won is told, and shown with what used to fool the model.
    expect([told.images.won.length, told.images.lost.length]).toEqual([
      told.difference.grid.onlyB,
      told.difference.grid.onlyA,
    ]);
    expect(told.classes.map(({ n }) => n)).toEqual([30, 30]);
    const report = await readFile(join(folder, 'first', 'report.html'), 'utf8');
    for (const id of ['changes', 'images', 'classes', 'landscapes', 'curves', 'settings'])
      expect(report).toContain(`id="${id}"`);
    const again = await harden('first', '--data', data, '--set', 'epochs=10', '--set', 'rate=0.01');
    expect(JSON.parse(again.out)).toMatchObject({ after: told.after, bestEpoch: told.bestEpoch });
  });

  it('goes on where it was stopped, to the same bytes', async () => {
    const set = ['epochs=3', 'rate=0.01'];
    const options = (out: string) => ({
      ...hardenSchema.parse({ model, data, set, rotation: '20', translation: '2px', grid: '3x3x5', threads: 1 }),
      out: join(folder, out),
    });
    const first = await hardenModel(nodePlatform, options('whole'), { command: '' });
    const stop = new AbortController();
    const stopped = await hardenModel(nodePlatform, options('parts'), {
      command: '',
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'training' && event.event.kind === 'epoch') stop.abort();
      },
    });
    expect(stopped).toBeUndefined();
    await hardenModel(nodePlatform, options('parts'), { command: '' });
    const bytes = (out: string): Promise<Buffer> => readFile(join(folder, out, 'model.onnx'));
    expect((await bytes('parts')).equals(await bytes('whole'))).toBe(true);

    // Shown again it tells what it told, the time that it took included.
    expect(await hardenModel(nodePlatform, options('whole'), { command: '' })).toEqual(first);
  });

  it('answers as the original where no state was worth more', async () => {
    const { out } = await harden(
      'same',
      '--data',
      data,
      '--set',
      'epochs=1',
      '--set',
      'rate=1e-12',
      '--set',
      'decay=0',
    );
    const told = JSON.parse(out) as Told;
    expect(told.bestEpoch).toBe(0);
    expect(told.after).toEqual(told.before);
    const [original, hardened] = [
      readModel(await readFile(model)),
      readModel(await readFile(join(folder, 'same', 'model.onnx'))),
    ];
    expect(hardened.graph).toEqual(original.graph);
  });

  it('takes a folder of photographs without labels: agreement with the model as it came', async () => {
    const photos = join(folder, 'photos', 'of', 'bars');
    await mkdir(photos, { recursive: true });
    const { pixels } = bars(60, 3);
    for (let i = 0; i < 60; i++) {
      const raw = Buffer.from(pixels.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
      await sharp(raw, { raw: { width: SIDE, height: SIDE, channels: 1 } })
        .png()
        .toFile(join(photos, `${i}.png`));
    }
    const given = ['--data', join(folder, 'photos'), '--labels', 'none', '--set', 'epochs=2', '--colour', 'grey'];
    const { code, out, error } = await harden('without', ...given);
    expect([code, error]).toEqual([0, '']);
    const told = JSON.parse(out) as Told;
    expect(told.test.from).toBe('heldOut');
    expect(told.before.natural).toMatchObject({ accuracy: 1, n: 10 });
  });

  it('trains on images of some of the classes only', async () => {
    const upright = join(folder, 'upright');
    const { pixels, labels } = bars(80, 3);
    const size = SIDE * SIDE;
    const chosen = labels.flatMap((label, i) => (label === 0 ? pixels.slice(i * size, (i + 1) * size) : []));
    await mkdir(upright);
    for (const name of ['train', 't10k']) {
      await writeFile(join(upright, `${name}-images-idx3-ubyte`), idxFile([40, SIDE, SIDE], chosen));
      await writeFile(join(upright, `${name}-labels-idx1-ubyte`), idxFile([40], new Array<number>(40).fill(0)));
    }
    const { code, out, error } = await harden('one-class', '--data', upright, '--test', data, '--set', 'epochs=1');
    expect([code, error]).toEqual([0, expect.stringMatching(/lie in at most 1 of the model's 2 classes/)]);
    expect((JSON.parse(out) as Told).before.natural.accuracy).toBe(1);
  });

  it('refuses to measure on the images that it trains on, and what cannot be trained', async () => {
    const refused = await harden('refused', '--data', data, '--test', join(data, 'train-images-idx3-ubyte'));
    expect(refused.code).toBe(2);
    const nothing = join(folder, 'nothing.onnx');
    const b = new GraphBuilder('nothing');
    const x = b.input('x', 'float32', ['N', 1, SIDE, SIDE]);
    const flat = b.op('Flatten', [x], { axis: 1 });
    b.outputAs('y', b.op('Slice', [flat, b.ints([0]), b.ints([2]), b.ints([1])]), 'float32', ['N', 2]);
    await writeFile(nothing, writeModel(modelOf(b.build())));
    const terminal = recordingTerminal();
    expect(await main(['harden', nothing, '--data', data, '--out', join(folder, 'n')], terminal)).toBe(2);
    expect(terminal.written.error).toMatch(/has no weights/);
  });
});
