import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { wilsonInterval } from '../../statistics/wilson.ts';
import { writeRun } from '../../testing/run-folder.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-compare-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const compare = (...argv: string[]): Promise<Said> => gimbal('compare', ...argv);

it('sets runs side by side on the images that all hold: table, changes, classes', async () => {
  await writeRun(at('one'), { verdicts: { natural: '111111', grid: '110000' }, classes: 2 });
  await writeRun(at('two'), { verdicts: { natural: '111110', grid: '111100' }, classes: 2, options: { mirror: true } });
  await writeRun(at('three'), { verdicts: { natural: ' 11111', 'worst-of-10': ' 11111', grid: ' 11111' }, classes: 2 });
  const { code, out, error } = await compare(at('one'), at('two'), at('three'), '--out', at('out'));
  expect([code, error]).toEqual([0, '']);
  expect(out).toMatch(/^3 runs on test images, 5 images that all hold$/m);
  expect(out).toMatch(/^accuracy % +natural +grid +worst-of-10$/m);
  // Images 1 to 5 alone: of one, image 1 is right under the grid.
  expect(out).toMatch(/^one +100\.00 +20\.00 +–$/m);
  expect(out).toMatch(/^two +80\.00 +60\.00 +–$/m);
  expect(out).toMatch(/^three +100\.00 +100\.00 +100\.00$/m);
  expect(out).toMatch(/^1 image of one is left out: not all runs hold it\.$/m);
  expect(out).toMatch(/^Measured otherwise: --mirror: not set in one, true in two\.$/m);
  expect((await readdir(at('out'))).toSorted()).toEqual(['comparison.json', 'report.html', 'report.md']);
  const { document } = parseHTML(await readFile(at('out/report.html'), 'utf8'));
  expect(Array.from(document.querySelectorAll('section'), ({ id }) => id)).toEqual([
    'accuracy',
    'changes',
    'classes',
    'absent',
    'repeat',
  ]);
  const row = Array.from(document.querySelectorAll('#classes tbody tr'), ({ textContent }) =>
    textContent.trim().replaceAll('\u00a0', ' '),
  );
  // Class 0 are the images 2 and 4, class 1 the images 1, 3 and 5; the weaker one first.
  expect(row).toEqual(['class 020.0 %50.0 %100.0 %', 'class 1333.3 %66.7 %100.0 %']);
  const { runs } = JSON.parse(await readFile(at('out/comparison.json'), 'utf8')) as {
    runs: { differenceToFirst: Record<string, { difference: number; onlyB: number }> }[];
  };
  expect(runs[1].differenceToFirst.grid).toMatchObject({ difference: 0.4, onlyA: 0, onlyB: 2 });
  // The same folder again is taken, another thing is not.
  expect((await compare(at('one'), at('two'), '--out', at('out'))).code).toBe(0);
  expect((await compare(at('one'), at('two'), '--out', at('two'))).error).toContain('is a run that is compared itself');
});

it('draws what runs withstand where they looked for it, on the images that all hold', async () => {
  const attack = 'tolerance:rotation';
  for (const [name, points] of Object.entries({ one: [10, null, 10], two: [null, null, 20] })) {
    await writeRun(at(name), { verdicts: { natural: '111' }, model: `${name}.onnx` });
    const records = points.map((breakingPoint, index) => {
      const tried = {
        worst: [0, 0, 0],
        loss: 0,
        predicted: 0,
        tried: 1,
        exhaustive: 1,
        robust: breakingPoint === null,
      };
      return JSON.stringify({
        index,
        label: 0,
        prediction: 0,
        attacks: { natural: { ...tried, robust: true }, [attack]: { ...tried, breakingPoint } },
      });
    });
    await writeFile(at(`${name}/images.jsonl`), `${records.join('\n')}\n`);
    const rate = { correct: 3, n: 3, accuracy: 1, interval: wilsonInterval(3, 3) };
    const limits = [0, 10, 20];
    const survival = { limits, withstand: [1, 1, 1], n: 3, interval: limits.map(() => [0, 1]), quantiles: [] };
    const result = {
      gimbal: '1',
      model: { name, sha256: 'a1' },
      data: { name: 'test images', fingerprint: 'f1' },
      n: 3,
      skipped: 0,
      attacks: { natural: rate },
      tolerance: { rotation: survival },
      evaluations: { made: 1, exhaustive: 1, byAttack: {} },
      warnings: [],
      seconds: 1,
    };
    await writeFile(at(`${name}/result.json`), JSON.stringify(result));
  }
  expect((await compare(at('one'), at('two'), '--out', at('out'))).code).toBe(0);
  const { document } = parseHTML(await readFile(at('out/report.html'), 'utf8'));
  const rows = Array.from(document.querySelectorAll('#tolerance tbody tr'), ({ textContent }) => textContent.trim());
  // 95 % of three images are all of them: `one` has them at 0 alone, `two` up to 10; then two thirds are left.
  expect(rows).toEqual(['one0°10°33.3\u00a0%', 'two10°–66.7\u00a0%']);
});

it('refuses what cannot be set side by side, each in one message', async () => {
  await writeRun(at('one'), { verdicts: { grid: '11  ' } });
  await writeRun(at('other'), { verdicts: { grid: '11' }, fingerprint: 'f2' });
  await writeRun(at('apart'), { verdicts: { grid: '  11' } });
  const refused = async (...folders: string[]): Promise<string> => {
    const { code, error } = await compare(...folders.map(at), '--out', at('out'));
    expect(code).toBe(2);
    return error;
  };
  expect(await refused('one')).toContain('is one run. Name another run folder');
  expect(await refused('one', 'one')).toContain('is named twice');
  expect(await refused('one', 'other')).toContain('only runs on the same data can be set against each other');
  expect(await refused('one', 'apart')).toContain('has no image that all of the others hold');
  expect(await refused('one', 'nothing')).toContain('is not the folder of an evaluation');
});
