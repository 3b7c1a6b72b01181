import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linearModel } from '../../testing/classifier.ts';
import { idxFile } from '../../testing/data-files.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';
import { meanLandscape } from '../../applications/compare/mean-landscape.ts';

const SIDE = 5;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-compare-'));
  const shape = { channels: 1, height: SIDE, width: SIDE };
  await writeFile(join(folder, 'one.onnx'), linearModel({ shape, classes: 3 }));
  await writeFile(join(folder, 'other.onnx'), linearModel({ shape, classes: 4 }));
  await writeFile(
    join(folder, 't10k-images-idx3-ubyte'),
    idxFile(
      [3, SIDE, SIDE],
      Array.from({ length: 3 * SIDE * SIDE }, (_, i) => (i * 37) % 256),
    ),
  );
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxFile([3], [0, 1, 2]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('draws each image and the mean by both classifiers, and tells how flat each is', async () => {
  const terminal = recordingTerminal();
  const out = join(folder, 'figures');
  const code = await main(
    [
      'compare',
      join(folder, 'one.onnx'),
      join(folder, 'other.onnx'),
      '--data',
      folder,
      '--images',
      '2',
      '--translation',
      '1px',
      '--out',
      out,
      '--threads',
      '1',
    ],
    terminal,
  );
  expect([code, terminal.written.error]).toEqual([
    0,
    'one: 1 of 2 images\none: 2 of 2 images\nother: 1 of 2 images\nother: 2 of 2 images\n',
  ]);
  expect((await readdir(out)).toSorted()).toEqual([
    'comparison.json',
    'landscape-0.svg',
    'landscape-1.svg',
    'landscape-mean.svg',
    'report.html',
    'report.md',
  ]);
  expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(/<h1>one and other<\/h1>[^]*id="landscapes"/);
  expect(terminal.written.out).toMatch(/^mean of 2 images +one +\S+ +\S+ +[\d.]+\nmean of 2 images +other /m);
  expect(await readFile(join(out, 'landscape-1.svg'), 'utf8')).toMatch(
    /<title>Loss over angle and shift by one and other: image 1 .*<rect width="100%"/s,
  );
});

it('refuses a limit out of range by its name', async () => {
  const terminal = recordingTerminal();
  expect(
    await main(
      [
        'compare',
        join(folder, 'one.onnx'),
        join(folder, 'other.onnx'),
        '--data',
        folder,
        '--rotation',
        '200',
        '--out',
        join(folder, 'none'),
      ],
      terminal,
    ),
  ).toBe(2);
  expect(terminal.written.error).toContain('--rotation');
});

it('averages point by point', () => {
  const common = { index: 0, label: 0, angles: [0, 1], tx: [0], ty: 0, gridWorst: { tx: 0, ty: 0, angle: 0 } };
  const one = { ...common, loss: Float32Array.of(1, 2), correct: Uint8Array.of(1, 0) };
  const other = { ...common, loss: Float32Array.of(3, 5), correct: Uint8Array.of(1, 1) };
  expect(meanLandscape([one, other])).toEqual({ angles: [0, 1], tx: [0], loss: [2, 3.5], correct: [1, 0.5] });
});
