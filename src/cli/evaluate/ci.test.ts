import { cp, mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { gimbal } from '../../testing/gimbal.ts';
import { linearModel } from '../../testing/classifier.ts';
import { writeIdxFolder } from '../../testing/data-files.ts';

const SIDE = 8;
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-ci-'));
  await writeIdxFolder(at('data'), 40, SIDE, 3);
  await writeIdxFolder(at('other-data'), 41, SIDE, 3);
  await writeFile(at('model.onnx'), linearModel({ shape: { channels: 1, height: SIDE, width: SIDE }, classes: 3 }));
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  expect((await evaluate('base')).code).toBe(0);
});
afterEach(() => vi.stubEnv('GITHUB_STEP_SUMMARY', ''));
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function evaluate(out: string, ...more: string[]): Promise<{ code: number; out: string; error: string }> {
  const options = [
    '--data',
    at('data'),
    '--grid',
    '3x3x5',
    '--translation',
    '1px',
    '--threads',
    '1',
    '--examples',
    '2',
  ];
  return gimbal('evaluate', at('model.onnx'), ...options, '--out', at(out), ...more);
}

const text = (name: string): Promise<string> => readFile(at(name), 'utf8');

it('writes a JUnit case for each threshold and for each class below it', async () => {
  const { code } = await evaluate('base', '--fail-under', 'natural=0,grid=100', '--junit', at('ci/junit.xml'));
  expect(code).toBe(1);
  const xml = await text('ci/junit.xml');
  expect(xml).toMatch(/<testsuite name="model\.onnx on [^"]*" .* tests="5" failures="4" errors="0" skipped="0"/);
  expect(xml).toMatch(/<testcase name="accuracy under natural is at least 0 %" [^>]*\/>/);
  expect(xml).toMatch(
    /name="accuracy under grid is at least 100 %"[^>]*>\s*<failure [^>]*--fail-under: accuracy under grid/,
  );
  for (const label of [0, 1, 2]) expect(xml).toContain(`name="class ${label}: accuracy under grid is at least 100 %"`);
  // Reached by all together, missed by some class: told, and no failure.
  const { correct, n } = JSON.parse(await text('base/result.json')).attacks.natural;
  const gate = Math.floor((100 * correct) / n);
  expect((await evaluate('base', '--fail-under', `natural=${gate}`, '--junit', at('ci/junit.xml'))).code).toBe(0);
  const lines = (await text('base/images.jsonl')).trim().split('\n');
  const images = lines.map((line) => JSON.parse(line) as { label: number; prediction: number });
  const weak = [0, 1, 2].filter((label) => {
    const own = images.filter((image) => image.label === label);
    return 100 * own.filter(({ prediction }) => prediction === label).length < gate * own.length;
  });
  expect(weak.length).toBeGreaterThan(0);
  expect(await text('ci/junit.xml')).toContain(`failures="0" errors="0" skipped="${weak.length}"`);
});

it('writes no JUnit report over what is none, and says of a run that failed that it did', async () => {
  await writeFile(at('mine.xml'), '<mine/>');
  const refused = await evaluate('base', '--junit', at('mine.xml'));
  expect([refused.code, refused.error]).toEqual([
    2,
    `gimbal: ${at('mine.xml')}: exists and is not a report that --junit wrote; it is left as it is. ` +
      'Choose another --junit, or move it away first: only a report that --junit wrote is replaced.\n',
  ]);
  expect(await text('mine.xml')).toBe('<mine/>');
  await symlink(at('model.onnx'), at('link.xml'));
  expect((await evaluate('base', '--junit', at('link.xml'))).error).toContain('link.xml: is the model itself');
  expect((await evaluate('base', '--junit', at('base/result.json'))).error).toContain(
    'expected a path that ends in .xml',
  );
  // A run that failed leaves its report in the folder, which the next one takes none the less.
  expect((await evaluate('again', '--junit', at('again/junit.xml'), '--data', at('nothing'))).code).toBe(2);
  expect(await readdir(at('again'))).toEqual(['junit.xml']);
  expect((await evaluate('again', '--junit', at('again/junit.xml'))).code).toBe(0);
  await mkdir(at('foreign'));
  await writeFile(at('foreign/junit.xml'), '<mine/>');
  expect((await evaluate('foreign')).error).toContain('holds other things than an evaluation (junit.xml)');
  expect((await evaluate('none', '--junit', at('failed.xml'), '--data', at('nothing'))).code).toBe(2);
  expect(await text('failed.xml')).toMatch(
    /errors="1".*<testcase name="evaluation".*<error [^>]*message="[^"]*nothing/s,
  );
});

it('adds the Markdown to the summary of a step; where that fails the run does not', async () => {
  await writeFile(at('summary.md'), 'before');
  vi.stubEnv('GITHUB_STEP_SUMMARY', at('summary.md'));
  expect((await evaluate('base')).error).not.toContain('step summary');
  expect(await text('summary.md')).toBe(`before\n${await text('base/report.md')}`);
  for (const path of [at('data'), at('no/such/folder'), at('model.onnx')]) {
    vi.stubEnv('GITHUB_STEP_SUMMARY', path);
    const { code, error } = await evaluate('base');
    expect(code).toBe(0);
    expect(error).toMatch(/^Warning: The step summary \(GITHUB_STEP_SUMMARY\) was not written: /m);
  }
});

it('sets a run beside its baseline: table, report, difference.json and the gate', async () => {
  const given = ['--scale', '-1,1', '--limit', '30', '--offset', '5', '--baseline', at('base')];
  const { code, out, error } = await evaluate('new', ...given, '--fail-if-worse', '100');
  expect([code, error.includes('fail-if-worse')]).toEqual([0, false]);
  expect(out).toMatch(/^Against the baseline model\.onnx in .*base:$/m);
  expect(out).toMatch(/^Paired are the 30 images that both hold \(left out: 10 images only in the baseline\)\.$/m);
  expect(out).toMatch(/^Measured otherwise: --scale: not set in the baseline, "-1,1" in this run\.$/m);
  const difference = JSON.parse(await text('new/difference.json'));
  const { grid, natural } = difference.attacks;
  expect(difference).toMatchObject({ format: 'gimbal-difference-1', images: 30, onlyA: 10, onlyB: 0 });
  expect(difference.changes.natural.lost).toHaveLength(natural.onlyA);
  expect(difference.changes.natural.won).toHaveLength(natural.onlyB);
  expect(natural.onlyA + natural.onlyB).toBeGreaterThan(0);
  expect(grid.n).toBe(30);
  expect(await text('new/report.md')).toContain(
    '| attack | baseline % | now % | Δ points | 95 % interval | won | lost |',
  );
  const { document } = parseHTML(await text('new/report.html'));
  const cards = document.querySelectorAll('#baseline .example');
  expect(cards.length).toBeGreaterThanOrEqual(Math.min(12, natural.onlyA + natural.onlyB));
  // Without the baseline the report is as it was, and nothing is left of it.
  expect((await evaluate('new', ...given.slice(0, 6))).code).toBe(0);
  expect(await readdir(at('new'))).not.toContain('difference.json');
  expect(await text('new/report.html')).not.toContain('id="baseline"');
});

it('fails where all of the interval lies beyond the points allowed, and only there', async () => {
  // As if an earlier model had been right on all images as they are; under the grid both are the same.
  await cp(at('base'), at('perfect'), { recursive: true });
  await rm(at('perfect/images.jsonl.crc32'));
  const records = await text('base/images.jsonl');
  await writeFile(
    at('perfect/images.jsonl'),
    records.replaceAll('"natural":{"robust":false', '"natural":{"robust":true'),
  );
  const { code, error } = await evaluate('worse', '--baseline', at('perfect'), '--fail-if-worse', '1');
  expect(code).toBe(1);
  expect(error).toMatch(
    /^--fail-if-worse: accuracy under natural is \d\d\.\d\d points below the baseline's; its change/m,
  );
  expect(error).not.toContain('accuracy under grid');
  expect((await evaluate('worse', '--baseline', at('perfect'), '--fail-if-worse', '99')).code).toBe(0);
});

it('takes a baseline that is not finished, and says so', async () => {
  await cp(at('base'), at('begun'), { recursive: true });
  await rm(at('begun/result.json'));
  const { code, error } = await evaluate('beside-begun', '--baseline', at('begun'));
  expect([code, error]).toEqual([0, expect.stringContaining('Warning: The baseline is not finished')]);
});

it('refuses a baseline that answers another question, before anything is computed', async () => {
  const other = await evaluate('refused', '--data', at('other-data'), '--baseline', at('base'));
  expect([other.code, other.error]).toEqual([
    2,
    expect.stringMatching(/--baseline .*base: was measured on .* and this run is on /),
  ]);
  const adversary = await evaluate('refused', '--rotation', '10', '--baseline', at('base'), '--fail-if-worse', '1');
  expect([adversary.code, adversary.error]).toEqual([
    2,
    expect.stringContaining(
      'the attacks of ' + at('base') + ' were others (--rotation: 30 in the baseline, 10 in this run)',
    ),
  ]);
  expect(await readdir(at('refused'))).not.toContain('result.json');
  expect((await evaluate('base', '--baseline', at('base'))).error).toContain('is the run of --baseline itself');
  await mkdir(at('no-run'));
  expect((await evaluate('refused', '--baseline', at('no-run'))).error).toContain('is not the folder of an evaluation');
  expect((await evaluate('base', '--fail-if-worse', '1')).error).toContain('goes with --baseline RUN');
});
