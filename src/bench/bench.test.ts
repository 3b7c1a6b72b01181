import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM } from '../testing/browser.ts';
import { writeIdxFolder } from '../testing/data-files.ts';

const root = join(import.meta.dirname, '..', '..');
const model = join(root, 'models', 'mnist-standard.onnx');
let folder: string;
let digits: string;
let peer: string;
let run: string;
let photographs: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-bench-'));
  digits = join(folder, 'digits');
  await writeIdxFolder(digits, 6, 28, 10);
  run = join(folder, 'run');
  await promisify(execFile)(process.execPath, [
    ...[join(root, 'bin', 'gimbal.js'), 'evaluate', ...evaluation('3x3x9'), '--exhaustive', '--quiet', '--out', run],
  ]);
  photographs = join(folder, 'photographs');
  for (const [label, name] of ['a', 'b'].entries()) {
    await mkdir(join(photographs, name), { recursive: true });
    for (const i of [0, 1]) {
      const background = { r: 100 * label, g: 100 * i, b: 50 };
      await sharp({ create: { width: 40, height: 44, channels: 3, background } }).toFile(
        join(photographs, name, `${i}.png`),
      );
    }
  }
  // In place of PyTorch: says what the peer prints.
  peer = join(folder, 'python');
  const line = (precision: string): string =>
    JSON.stringify({ torch: '0', precision, layout: 'plain', batch: 1, seconds: 1, survivors: [] });
  await writeFile(peer, `#!/bin/sh\necho '${line('float32')}'\necho '${line('bfloat16')}'\n`);
  await chmod(peer, 0o755);
});

afterAll(() => rm(folder, { recursive: true }));

/** The arguments of a small evaluation by a grid. */
function evaluation(grid: string): string[] {
  const options = `--attacks grid --grid ${grid} --threads 1 --landscapes 0`.split(' ');
  return [model, '--data', digits, ...options];
}

function bench(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [join(root, 'tools', 'bench.js'), ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
}

/** Every benchmark on tiny input, with a line that it prints. */
const SMOKE: Readonly<Record<string, () => [args: string[], line: RegExp]>> = {
  'device-training': () => [
    ['cpu', 'cifar10/standard,width=2,batch=2', '--updates', '1', '--rounds', '1'],
    /batch 2, .* ms an update in the session, .* images\/s/,
  ],
  'fill-rate': () => [
    ['--images', '40', '--batches', '4', '--attacks', 'natural,worst-of-10;first-order'],
    /attacks first-order, model robust, .*4: rows used [01]/,
  ],
  direct: () => [
    ['--limit', '2', '--budgets', '30', '--', model, '--data', digits],
    /direct-30: [0-2] of 2 survive, [\d.]+ passes an image/,
  ],
  forms: () => [['--share', '0.01', '--rounds', '1'], /\| AdamW, 5000 parameters \| [\d.]+ \| [\d.]+ \|/],
  gradients: () => [['Relu'], /\| Relu \| \d+ \| .*\n\nworst of all: .*e-\d+/],
  'grid-order': () => [[run, '--learn', '2'], /6 images, grid of 81\n.*best first.*learned on 2/s],
  hardening: () => [[model, '--updates', '1', '--set', 'batch=2'], /"ours":\d+/],
  imagenet: () => [
    [photographs, '--resize', '36', '--crop', '32', '--set', 'width=2', '--set', 'batch=2', '--threads', '1'],
    /4 images read for training: \d+ images\/s.*\nimagenet\/standard, updates of 2: \d+ ms, .* losses \d/,
  ],
  'input-gradient': () => [[model, '--batch', '1', '--pairs', '1'], /ratio +\d/],
  'kill-and-resume': () => [['--kills', '1', '--', ...evaluation('3x3x9'), '--exhaustive'], /kills: the same bytes/],
  'lock-pairs': () => [['--pairs', '6'], /6 pairs: held by one 6, by both 0, by none 0/],
  memory: () => [[model, digits, '--images', '2', '--grids', '1x1x3'], /2 images, grid 1x1x3: \d+ MiB at most/],
  page: () => [['--starts', '1', '--seconds', '0.2', '--model', 'mnist-standard'], /775 points of the grid in \d/],
  peer: () => [[model, digits, '--images', '2', '--rounds', '1', '--python', peer], /sooner than PyTorch's best/],
  pipeline: () => [[model, '--rounds', '1', '--seconds', '0.01', '--batch', '2'], /pipeline images\/s/],
  reading: () => [[model, digits, '--images', '6', '--rounds', '1', '--threads', '1'], /^6 images, .* rate \d/],
  shards: () => [
    ['--shards', '2', '--kills', '0', '--', ...evaluation('1x1x3')],
    /2 shards, 0 of them killed at work and begun again: the same bytes/,
  ],
  'test-time-defences': () => [
    ['--views', '2', '--only', 'most-confident+mirror', '--', ...evaluation('1x1x3')],
    /^most-confident\+mirror: natural \d.*; grid \d.* passes; 4 of the classifier in each; \d+ s$/m,
  ],
  training: () => [['--steps', '1', '--only', 'plain-convnet:standard'], /"ours":\d+/],
  winograd: () => [['--seconds', '0.01', '--shapes', '1'], /32 → 32/],
};

test('each has its line here', async () => {
  const scripts = (await readdir(import.meta.dirname)).filter((name) => /^[a-z-]+\.js$/.test(name));
  expect([...Object.keys(SMOKE), 'arguments', 'median', 'processes', 'same-files', 'step-peer'].sort()).toEqual(
    scripts.map((name) => name.replace('.js', '')).sort(),
  );
});

describe.skipIf(process.platform === 'win32')('runs on tiny input', () => {
  const runnable = Object.keys(SMOKE).filter((name) => name !== 'page' || CHROMIUM !== undefined);
  test.each(runnable)('%s', async (name) => {
    const [args, line] = SMOKE[name]();
    const { code, out, err } = await bench(name, ...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(line);
  });
});

test.skipIf(process.platform === 'win32')('test-time-defences looks at shifted views as well', async () => {
  const shifted = ['--shift', '1', '--only', 'mean'];
  const { err, out } = await bench('test-time-defences', ...shifted, '--', ...evaluation('1x1x3'));
  expect(err).toBe('');
  expect(out).toMatch(/^mean: natural \d.*; 5 of the classifier in each; \d+ s$/m);
});

test('refuses in one line what is not there', async () => {
  const [unknown, device, fed] = await Promise.all([
    bench('nothing'),
    bench('device-training', 'gpu'),
    bench('test-time-defences', '--', ...evaluation('1x1x3'), '--mean', '0.1'),
  ]);
  expect(fed).toMatchObject({ code: 2, err: expect.stringMatching(/^bench: .*raw pixels.*gimbal export.*\n$/) });
  expect(unknown).toMatchObject({ code: 2, err: expect.stringMatching(/^bench: got 'nothing'.*winograd\.\n$/) });
  expect(device).toMatchObject({ code: 2, err: expect.stringMatching(/^bench: .*'gpu'.*cuda.*\n$/) });
});
