import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { linearModel } from '../../testing/classifier.ts';
import { writeIdxFolder } from '../../testing/data-files.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

let folder: string;
let action: Action;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-action-'));
  action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as Action;
  await writeIdxFolder(join(folder, 'some data'), 12, 6, 3);
  await writeFile(join(folder, 'model.onnx'), linearModel({ shape: { channels: 1, height: 6, width: 6 }, classes: 3 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What steps that are actions of others are given. */
  readonly used: readonly (readonly [name: string, given: Readonly<Record<string, string>>])[];
}

/** Runs the steps as a runner does: bash as GitHub starts it, the variables of an action, expressions put in. */
async function run(given: Readonly<Record<string, string>>): Promise<Ran> {
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: fallback = '' }]) => [name, given[name] ?? fallback]),
  );
  const resolve = (text: string): string =>
    text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, expression: string) => {
      if (expression === 'github.action_path') return ROOT;
      const [, name] = /^inputs\.([\w-]+)$/.exec(expression)!;
      expect(inputs).toHaveProperty([name]);
      return inputs[name];
    });
  const resolved = (values: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, resolve(value)]));
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const path of Object.values(files)) await writeFile(path, '');
  const used: [string, Record<string, string>][] = [];
  let [code, log] = [0, ''];
  for (const step of action.runs.steps) {
    if (step.uses !== undefined) {
      used.push([step.uses, resolved(step.with)]);
    } else if (code === 0) {
      expect(step.shell).toBe('bash');
      const script = join(folder, 'step.sh');
      await writeFile(script, step.run!);
      const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd: folder,
        env: { ...process.env, ...files, ...resolved(step.env) },
      });
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (log += String(bytes)));
      [code] = (await once(child, 'close')) as [number];
    }
  }
  const outputs = (await readFile(files.GITHUB_OUTPUT, 'utf8')).trim().split('\n');
  return {
    code,
    log,
    outputs: Object.fromEntries(outputs.map((line) => line.split('=') as [string, string])),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
    used,
  };
}

const small = { model: 'model.onnx', data: 'some data', attacks: 'natural,grid', 'fail-under': 'natural=0' };

it('evaluates, with words and quotes in its arguments, and keeps the run folder', async () => {
  const given = {
    ...small,
    arguments: "--grid 3x1x3\n --data 'some data'  --threads 1",
    junit: 'run/junit.xml',
    out: 'run',
  };
  const { code, log, outputs, summary, used } = await run(given);
  expect([code, outputs], log).toEqual([0, { 'exit-code': '0' }]);
  expect(summary).toContain('### Spatial robustness of model.onnx on some data test');
  expect(existsSync(join(folder, 'run/junit.xml'))).toBe(true);
  const [, kept] = used.find(([name]) => name.startsWith('actions/upload-artifact@'))!;
  expect(kept).toMatchObject({ name: 'gimbal', path: 'run' });
  expect(existsSync(join(folder, kept.path, 'report.html'))).toBe(true);
});

it('ends with the code of the command, and executes nothing that arguments hold', async () => {
  const grid = '--grid 3x1x3';
  const worse = await run({
    ...small,
    arguments: grid,
    'fail-under': 'grid=100',
    baseline: 'run',
    'fail-if-worse': '0',
    out: 'again',
  });
  expect([worse.code, worse.outputs], worse.log).toEqual([1, { 'exit-code': '1' }]);
  const hostile = await run({ ...small, arguments: '$(touch hurt) `touch hurt` ; touch hurt', out: 'hostile' });
  expect([hostile.code, hostile.outputs], hostile.log).toEqual([2, { 'exit-code': '2' }]);
  expect(existsSync(join(folder, 'hurt'))).toBe(false);
  const quote = await run({ ...small, arguments: "--split 'test", out: 'quote' });
  expect([quote.code, quote.outputs], quote.log).toEqual([2, { 'exit-code': '2' }]);
});

it('runs the last step also where a threshold is missed, and tells the code', () => {
  const last = action.runs.steps.at(-1)!;
  expect(last.if).toContain('!cancelled()');
  expect(action.outputs['exit-code'].value).toBe('${{ steps.evaluate.outputs.exit-code }}');
  expect(action.runs.steps.map(({ id }) => id)).toContain('evaluate');
});

it('has the inputs that the page on CI gives it', async () => {
  const page = await readFile(join(ROOT, 'docs/ci.md'), 'utf8');
  const blocks = Array.from(page.matchAll(/^```yaml\n([^]*?)^```/gm), ([, block]) => parse(block) as unknown);
  const steps = blocks.flatMap((block) =>
    Array.isArray(block)
      ? (block as Step[])
      : (block as { jobs: { robustness: { steps: Step[] } } }).jobs.robustness.steps,
  );
  const ours = steps.filter(({ uses }) => uses === 'OWNER/gimbal@main');
  expect(ours).toHaveLength(2);
  for (const step of ours)
    for (const name of Object.keys(step.with!)) expect(Object.keys(action.inputs)).toContain(name);
});
