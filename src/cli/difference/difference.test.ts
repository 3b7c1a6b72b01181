import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gimbal } from '../../testing/gimbal.ts';
import { linearModel } from '../../testing/classifier.ts';
import { idxFile } from '../../testing/data-files.ts';
import { type VerdictRun, writeRun } from '../../testing/run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-difference-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(
  name: string,
  verdicts: string,
  { attack = 'grid', ...more }: { attack?: string; fingerprint?: string; options?: object } = {},
): Promise<string> {
  const directory = join(folder, name);
  await writeRun(directory, { verdicts: { [attack]: verdicts }, model: `${name}.onnx`, ...more } as VerdictRun);
  return directory;
}

const difference = (a: string, b: string, ...rest: string[]): ReturnType<typeof gimbal> =>
  gimbal('difference', a, b, ...rest);

it('pairs the images that both hold and tells what the runs differ in', async () => {
  const one = await run('one', '11110000  1', { options: { limit: 11, mirror: true } });
  const other = await run('other', ' 1101100011', { options: { threads: 2, vote: 10 } });
  const { code, out } = await difference(one, other, '--json');
  expect(code).toBe(0);
  const {
    attacks: { grid },
    ...told
  } = JSON.parse(out) as { attacks: Record<string, Record<string, unknown>> };
  expect(told).toEqual({
    a: { folder: one, model: 'one.onnx', data: { name: 'test images', fingerprint: 'f1' } },
    b: { folder: other, model: 'other.onnx', data: { name: 'test images', fingerprint: 'f1' } },
    images: 8,
    onlyA: 1,
    onlyB: 2,
    attacksOnlyA: [],
    attacksOnlyB: [],
    measuredOtherwise: ['--mirror: true for A, not set for B', '--vote: not set for A, 10 for B'],
  });
  // Images 1 to 7 and 10: A 1 1 1 0 0 0 0 1, B 1 1 0 1 1 0 0 1.
  expect(grid).toMatchObject({
    n: 8,
    accuracyA: 0.5,
    accuracyB: 0.625,
    difference: 0.125,
    both: 3,
    onlyA: 1,
    onlyB: 2,
    neither: 2,
  });
  const text = (await difference(one, other)).out;
  expect(text).toMatch(/^8 images of test images \(left out: 1 that only A holds, 2 that only B holds\)$/m);
  expect(text).toMatch(/^grid +8 +50\.00 +62\.50 +\+12\.50 +−\d+\.\d\d to \+\d+\.\d\d +1 +2$/m);
  expect(text).toMatch(/^Measured otherwise: --mirror: true for A, not set for B$/m);
});

it('leaves out a last line that is being written, and changes nothing', async () => {
  const [one, other] = [await run('one', '110'), await run('other', '011')];
  const records = join(other, 'images.jsonl');
  const begun = `${await readFile(records, 'utf8')}{"index": 3, "lab`;
  await writeFile(records, begun);
  expect((await difference(one, other)).out).toMatch(/^grid +3 +66\.67 +66\.67 +0\.00 +−(\d+\.\d\d) to \+\1 +1 +1$/m);
  expect(await readFile(records, 'utf8')).toBe(begun);
  expect((await readdir(other)).toSorted()).toEqual(['config.json', 'images.jsonl']);
});

it('reads what gimbal evaluate wrote: a classifier differs from itself by nothing', async () => {
  const side = 5;
  await writeFile(
    join(folder, 'model.onnx'),
    linearModel({ shape: { channels: 1, height: side, width: side }, classes: 3 }),
  );
  await writeFile(
    join(folder, 't10k-images-idx3-ubyte'),
    idxFile(
      [6, side, side],
      Array.from({ length: 6 * side * side }, (_, i) => (i * 37) % 256),
    ),
  );
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxFile([6], [0, 1, 2, 0, 1, 2]));
  const evaluate = async (name: string, ...options: string[]): Promise<string> => {
    const out = join(folder, name);
    expect(
      (
        await gimbal(
          'evaluate',
          join(folder, 'model.onnx'),
          '--data',
          folder,
          '--translation',
          '1px',
          '--threads',
          '1',
          '--out',
          out,
          '--quiet',
          ...options,
        )
      ).code,
    ).toBe(0);
    return out;
  };
  const { code, out } = await difference(
    await evaluate('all', '--attacks', 'grid'),
    await evaluate('few', '--attacks', 'grid,random', '--limit', '4', '--rotation', '20'),
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^4 images of .*2 that only A holds\)$/m);
  expect(out).toMatch(/^natural +4 +(\S+) +\1 +0\.00 /m);
  expect(out).toMatch(/^grid +4 /m);
  expect(out).not.toMatch(/^random/m);
  expect(out.match(/^Measured otherwise: .*$/gm)).toEqual(['Measured otherwise: --rotation: 30 for A, 20 for B']);
});

it.each([
  [
    'other data',
    { fingerprint: 'f2' },
    '111',
    /other: was measured on test images \(fingerprint f2\), .*one on test images \(fingerprint f1\)/,
  ],
  ['other images', {}, '   111', /other: has no image in common/],
  ['other attacks', { attack: 'random' }, '111', /other: has no attack in common/],
])('refuses %s', async (_, kind, verdicts, message) => {
  const { code, out, error } = await difference(await run('one', '101'), await run('other', verdicts, kind));
  expect(error).toMatch(message);
  expect([code, out, error.trimEnd().split('\n').length]).toEqual([2, '', 1]);
});

it('refuses a folder that no evaluation wrote', async () => {
  const one = await run('one', '1');
  for (const wrong of [folder, join(folder, 'nowhere')]) {
    const { code, error } = await difference(one, wrong);
    expect([code, error.startsWith(`gimbal: ${wrong}: is not the folder of an evaluation`)]).toEqual([2, true]);
  }
});
